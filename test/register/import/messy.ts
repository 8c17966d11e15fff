/** A sheet as a small time bank really keeps it: everything in it has been seen in one. Invented people. */

/** With a title, a merged heading, blank rows, a total, and hours as everybody wrote them; tabs, as a copy comes. */
export const MESSY = [
  'BANCO DE TIEMPO DEL PUERTO - Socios 2025\t\t\t\t\t\t',
  'Actualizado: 3 de marzo, por Inés\t\t\t\t\t\t',
  '\t\t\t\t\t\t',
  'Nº\tNombre\tApellidos\tContacto\t\tAlta\tSaldo horas',
  '1\tÁngela\tPérez Núñez\t600 111 222\tangela@puerto.example\t03/02/2019\t2h30',
  '2\tJosé\tMuñoz\t600 333 444\t\t15/11/2020\t2,5',
  '',
  '3\tMaría\tGarcía\t\tuser3@example.com\t\t-1:45',
  '4\tMARIA\tGARCIA\t600 555 666\t\t1/9/2021\t1h',
  '\t\t\t\t\t\t',
  '5\tEdna\t\t\t\t\t45m\t\t',
  '\tBegoña\tIñíguez\t600 777 888\t\t\t90 min',
  '7\t\t\t600 999 000\t\t\t3',
  '8\tCy\tVázquez\t\t\t\t2,500',
  '9\tDee\t"la\tAlta"\t\t\t\t0,33',
  '10\tEve\tRuiz\t\t\t31/02/2020\t1',
  '\tTotal\t\t\t\t\t9,25',
  '',
].join('\r\n')

/** Bytes as an old Excel saves them. */
export function windows1252(text: string): Uint8Array {
  return Uint8Array.from([...text].map((sign) => sign.charCodeAt(0) & 0xff))
}

/** The columns of it as a person would name them, the numbers left out. */
export const MESSY_COLUMNS = {
  heading: 4,
  name: ['Nombre', 'Apellidos'],
  phone: 'Contacto',
  email: 5,
  joined_on: 'Alta',
  hours: 'Saldo horas',
  unit: 'hours',
  dates: 'dmy',
}
