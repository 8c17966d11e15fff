/** Files of other programs, made by hand in exactly their shapes. Invented people. */

import type { ImportFiles } from '../../../src/register/import/source.ts'
import { bytesOf } from './files.ts'
import { windows1252 } from './messy.ts'

export const TIMEOVERFLOW: ImportFiles = {
  from: 'timeoverflow',
  members: bytesOf(
    [
      'N,Nombre,Email,Teléfono,Teléfono alternativo,Alta,Último acceso,Idioma,Saldo',
      '1,Ángela Núñez,angela@puerto.example,600111222,952000111,2019-05-01 10:00:00 UTC,2025-01-01,es,5400',
      '2,Bo,bo@puerto.example,,,2019-05-02 10:00:00 UTC,,ca,-3640',
      '7,Edna,user7@example.com,,,2019-06-02 10:00:00 UTC,,es,0',
      '',
    ].join('\n'),
  ),
  exchanges: bytesOf(
    [
      'Fecha,De,A,Anuncio,Cantidad',
      '2020-05-01 10:00:00 UTC,Bo (2),Ángela Núñez (1),Jardín,1:00',
      '2020-05-02 10:00:00 UTC,Banco del Puerto,Ángela Núñez (1),,0:45',
      '2020-05-03 10:00:00 UTC,Ángela Núñez (1),deleted_user,,0:15',
      '2020-05-04 10:00:00 UTC,Edna (7),Bo (2),"Sopa, y pan",0:30',
      '2020-05-05 10:00:00 UTC,Edna (7),Bo (2),,0',
      '2020-05-06 10:00:00 UTC,Bo (2),Edna (7),,0:30',
      '',
    ].join('\n'),
  ),
}

/** The layout without headings; the second transfer is of an older file, without its day. */
export const LAYOUT: ImportFiles = {
  from: 'timeoverflow',
  members: bytesOf(
    [
      '1,2019-05-01,Ángela,Núñez,Soto,1,1950-01-31,600111222,,angela@puerto.example',
      '2,2019-05-02,Bo,,,2,1950-01-31,,,bo@puerto.example',
      '',
    ].join('\n'),
  ),
  exchanges: bytesOf(
    [
      '2,member,1,member,5400,2020-05-01 10:00:00,Jardín,4',
      '1,member,3,organization,1800,2020-05-02 10:00:00,Un regalo,',
      '2,member,1,member,0,Nada,',
      '',
    ].join('\n'),
  ),
}

export const CES: ImportFiles = {
  from: 'ces',
  unit: 'hours',
  members: windows1252(
    [
      'UID,Password,UserType,Firstname,Surname,OrgNameShort,OrgNameLong,SubArea,PhoneH,PhoneW,PhoneF,PhoneM,Email,DOB,Created,Notes,Lang,IdNo,Closed,Locked',
      'HARB0001,hunter2,ind,Zoë,Brönte,,,North,01700 2,,,07700 900001,zoe@harbour.example,1985/01/01 00:00:00,2015/03/01 12:00:00,"<p>NoteCanary &amp; more</p>Two &lt; three",eng,850101,0,0',
      'HARB0002,hunter2,org,Ann,Lee,Library,Harbour Library Trust,,,,,,,,2015/03/01 12:00:00,,eng,,0,0',
      'HARBVIRT,hunter2,vir,,,,,,,,,,,,2015/03/01 12:00:00,,eng,,0,0',
      'HARB0003,hunter2,fam,Cy,Vane,,,,,,,,,,2015/03/01 12:00:00,,eng,,0,-1',
      'HARB0004,hunter2,ind,Dee,Old,,,,,,,,,,2015/03/01 12:00:00,,eng,,-1,0',
      '',
    ].join('\r\n'),
  ),
  exchanges: windows1252(
    [
      'ID,Seller,Buyer,RemoteExchange,RemoteBuyer,RecordID,DateEntered,EnteredBy,Amount,Levy,LevyRate,Description',
      '1,HARB0001,HARB0002,,,,2019/05/01 09:30:00,HARB0001,1.50,0,0,Café at the library',
      '2,HARB0001,MILLVIRT,MILL,MILL0003,,2019/05/02 09:30:00,HARB0001,1.00,0,0,<b>Garden</b>',
      '',
    ].join('\r\n'),
  ),
  balances: windows1252(
    [
      'UID,Sales,Income,Purchases,Expenditure,Levy,Balance',
      'HARB0001,2,2.50,0,0,0,2.50',
      'HARB0002,0,0,1,1.50,0,-1.50',
      'HARBVIRT,0,0,1,1.00,0,-1.00',
      '',
    ].join('\r\n'),
  ),
}

export const KOMUNITIN: ImportFiles = {
  from: 'komunitin',
  unit: 'hours',
  members: bytesOf(
    [
      'id,created,updated,code,status,balance,creditLimit,maximumBalance,key,user.id,transfers.2023,transfers.2024,transfers.2025',
      'a1,2024-02-01T10:00:00.000Z,,HARB0000,active,1.5,10,,k1,u1,0,1,0',
      'a2,2024-02-02T10:00:00.000Z,,HARB0001,active,-1.5,10,,k2,u2,0,1,0',
      'a3,2024-02-02T10:00:00.000Z,,HARB0002,deleted,0,10,,k3,u3,0,0,0',
      '',
    ].join('\n'),
  ),
  exchanges: bytesOf(
    [
      'id,created,updated,state,amount,description,hash,authorization,payer.id,payer.code,payee.id,payee.code,user.id',
      't1,2024-03-01T10:00:00.000Z,,committed,1.5,Soup,h,,a2,HARB0001,a1,HARB0000,u2',
      't2,2024-03-02T10:00:00.000Z,,failed,5,Nothing,h,,a2,HARB0001,a1,HARB0000,u2',
      '',
    ].join('\n'),
  ),
}
