/**
 * What might the columns of a sheet be? A guess from English and Spanish headings, to be shown and never to be used
 * before a person has said yes ([IMP-8]).
 */

import { type ColumnName, FIELDS, type Field } from './columns.ts'
import { type RawRow, SECRET } from './table.ts'

const WORDS: Readonly<Record<Field, RegExp>> = {
  number:
    /^(member |membership |account )?(no|nr|num|number|id|code|n|numero|codigo|socio|n socio|no socio|numero de socio|num socio|member no|member id|uid)$/,
  name: /^(full |first |last )?(name|names|surname|member|person|nombre|nombres|apellido|apellidos|nombre y apellidos|nombre completo|nombre apellidos|persona|firstname|lastname|forename|family name|miembro)$/,
  phone:
    /^(tele)?(phone|phone 1|telephone|tel|tel 1|mobile|cell|telefono|telefono 1|movil|celular|phone number|contact|contacto|tlf|tfno)$/,
  phone_2:
    /^(phone 2|second phone|other phone|alternative phone|home phone|tel 2|telefono 2|segundo telefono|otro telefono|telefono fijo|fijo)$/,
  email: /^(e ?mail|e ?mail address|mail|correo|correo electronico|correo e)$/,
  area: /^(area|neighbou?rhood|district|town|village|place|address|barrio|zona|direccion|domicilio|localidad|pueblo|poblacion)$/,
  joined_on:
    /^(joined|joined on|join date|date joined|member since|since|start|created|alta|fecha de alta|fecha alta|desde|fecha|fecha ingreso|socio desde|date)$/,
  hours:
    /^(hours?|balance|time|credits?|hours balance|balance hours|time credits|minutes|horas?|saldo|tiempo|saldo horas|saldo de horas|saldo en horas|horas saldo|creditos?|minutos|total horas|hours in hand)$/,
  note: /^(notes?|comments?|remarks?|notas?|observaciones|comentarios?)$/,
}
/** Rows in which headings are looked for, a title and a date above them. */
const FIRST_ROWS = 10

export interface Suggestion {
  /** Line of the headings; 0 when no row looks like them. */
  readonly heading: number
  readonly columns: Readonly<Partial<Record<Field, readonly ColumnName[]>>>
}

/** The row with the most headings that we know, at least two of them, and the columns they seem to name. */
export function suggestColumns(rows: readonly RawRow[]): Suggestion {
  let best: Suggestion & { found: number } = { heading: 0, columns: {}, found: 1 }
  for (const { line, cells } of rows.slice(0, FIRST_ROWS)) {
    const columns: Partial<Record<Field, readonly ColumnName[]>> = {}
    let found = 0
    for (const [at, cell] of cells.entries()) {
      const field = fieldOf(cell)
      if (field === null || (columns[field] !== undefined && field !== 'name')) continue
      columns[field] = [...(columns[field] ?? []), at + 1]
      found += 1
    }
    if (found > best.found) best = { heading: line, columns, found }
  }
  return { heading: best.heading, columns: best.columns }
}

function fieldOf(cell: string): Field | null {
  const heading = plain(cell)
  if (heading === '' || SECRET.test(heading.replaceAll(' ', '_'))) return null
  return FIELDS.find((field) => WORDS[field].test(heading)) ?? null
}

/** A heading without capitals, accents and signs, so that `N.º socio` and `n socio` are one. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[º°ª]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
