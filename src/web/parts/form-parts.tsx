/**
 * How does a form look? GOV.UK Frontend's markup for each kind of question: label, hint, what is wrong, and the field
 * with what was typed. Fixtures of that library are compared with these in the tests.
 */

import type { Child } from 'hono/jsx'
import type { Speech } from '../../words/language.ts'
import type { FieldError } from '../form.ts'

export function ErrorSummary({ say, errors }: { say: Speech['say']; errors: readonly FieldError[] }) {
  if (errors.length === 0) return null
  return (
    <div class="govuk-error-summary" tabindex={-1} autofocus>
      <div role="alert">
        <h2 class="govuk-error-summary__title">{say('form.problem')}</h2>
        <div class="govuk-error-summary__body">
          <ul class="govuk-list govuk-error-summary__list">
            {errors.map(({ field, text }) => (
              <li>{field === null ? text : <a href={`#${field}`}>{text}</a>}</li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  )
}

/** What every question has. */
interface Question {
  readonly say: Speech['say']
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  readonly errors: readonly FieldError[]
  /** The question is the heading of the page's form, or a smaller one. */
  readonly size?: 's' | 'm'
}

interface TextQuestion extends Question {
  readonly value: string
  readonly type?: 'text' | 'password' | 'tel' | 'email' | 'search'
  readonly autocomplete?: string
  readonly inputmode?: 'numeric' | 'tel' | 'email' | 'text'
  /** Characters it is made for. */
  readonly width?: 2 | 3 | 4 | 5 | 10 | 20 | 30
  readonly spellcheck?: boolean
  readonly autofocus?: boolean
  readonly autocapitalize?: 'none' | 'characters'
  readonly suffix?: string
}

export function TextField(question: TextQuestion) {
  const { name, value, type = 'text', autocomplete, inputmode, width, autofocus } = question
  const error = errorOf(question)
  return (
    <div class={groupClass(error)}>
      <Label {...question} />
      <Hint {...question} />
      <ErrorMessage {...question} />
      <Suffixed suffix={question.suffix}>
        <input
          class={`govuk-input${width === undefined ? '' : ` govuk-input--width-${width}`}${error === null ? '' : ' govuk-input--error'}`}
          id={name}
          name={name}
          type={type}
          value={value}
          {...described(question)}
          {...(autocomplete === undefined ? {} : { autocomplete })}
          {...(inputmode === undefined ? {} : { inputmode })}
          {...(question.spellcheck === false ? { spellcheck: false } : {})}
          {...(question.autocapitalize === undefined ? {} : { autocapitalize: question.autocapitalize })}
          {...(autofocus ? { autofocus: true } : {})}
        />
      </Suffixed>
    </div>
  )
}

function Suffixed({ suffix, children }: { suffix: string | undefined; children: Child }) {
  if (suffix === undefined) return <>{children}</>
  return (
    <div class="govuk-input__wrapper">
      {children}
      <div class="govuk-input__suffix" aria-hidden="true">
        {suffix}
      </div>
    </div>
  )
}

export function TextArea({
  rows = 3,
  readonly = false,
  ...question
}: Question & { value: string; rows?: number; readonly?: boolean }) {
  const { name, value } = question
  const error = errorOf(question)
  return (
    <div class={groupClass(error)}>
      <Label {...question} />
      <Hint {...question} />
      <ErrorMessage {...question} />
      <textarea
        class={`govuk-textarea${error === null ? '' : ' govuk-textarea--error'}`}
        id={name}
        name={name}
        rows={rows}
        {...(readonly ? { readonly: true } : {})}
        {...described(question)}
      >
        {value}
      </textarea>
    </div>
  )
}

export interface Choice {
  readonly value: string
  readonly label: Child
  readonly hint?: string
}

export function SelectField({
  choices,
  ...question
}: Question & { value: string; choices: readonly Choice[] }) {
  const { name, value } = question
  const error = errorOf(question)
  return (
    <div class={groupClass(error)}>
      <Label {...question} />
      <Hint {...question} />
      <ErrorMessage {...question} />
      <select
        class={`govuk-select${error === null ? '' : ' govuk-select--error'}`}
        id={name}
        name={name}
        {...described(question)}
      >
        {choices.map((one) => (
          <option value={one.value} {...(one.value === value ? { selected: true } : {})}>
            {one.label}
          </option>
        ))}
      </select>
    </div>
  )
}

interface Choosing extends Question {
  readonly choices: readonly Choice[]
  readonly small?: boolean
  /** Stands after the choices, inside the same question. */
  readonly children?: Child
}

export function Radios({
  choices,
  value,
  small,
  inline,
  children,
  ...question
}: Choosing & { value: string; inline?: boolean }) {
  const { name } = question
  return (
    <Group {...question}>
      <div
        class={`govuk-radios${small ? ' govuk-radios--small' : ''}${inline ? ' govuk-radios--inline' : ''}`}
        data-module="govuk-radios"
      >
        {choices.map((one, i) => (
          <div class="govuk-radios__item">
            <input
              class="govuk-radios__input"
              id={idOf(name, i)}
              name={name}
              type="radio"
              value={one.value}
              {...(one.value === value ? { checked: true } : {})}
              {...(one.hint === undefined ? {} : { 'aria-describedby': `${idOf(name, i)}-item-hint` })}
            />
            <label class="govuk-label govuk-radios__label" for={idOf(name, i)}>
              {one.label}
            </label>
            {one.hint === undefined ? null : (
              <div id={`${idOf(name, i)}-item-hint`} class="govuk-hint govuk-radios__hint">
                {one.hint}
              </div>
            )}
          </div>
        ))}
      </div>
      {children}
    </Group>
  )
}

export function Checkboxes({
  choices,
  values,
  small,
  children,
  ...question
}: Choosing & { values: readonly string[] }) {
  const { name } = question
  return (
    <Group {...question}>
      <div
        class={`govuk-checkboxes${small ? ' govuk-checkboxes--small' : ''}`}
        data-module="govuk-checkboxes"
      >
        {choices.map((one, i) => (
          <div class="govuk-checkboxes__item">
            <input
              class="govuk-checkboxes__input"
              id={idOf(name, i)}
              name={name}
              type="checkbox"
              value={one.value}
              {...(values.includes(one.value) ? { checked: true } : {})}
              {...(one.hint === undefined ? {} : { 'aria-describedby': `${idOf(name, i)}-item-hint` })}
            />
            <label class="govuk-label govuk-checkboxes__label" for={idOf(name, i)}>
              {one.label}
            </label>
            {one.hint === undefined ? null : (
              <div id={`${idOf(name, i)}-item-hint`} class="govuk-hint govuk-checkboxes__hint">
                {one.hint}
              </div>
            )}
          </div>
        ))}
      </div>
      {children}
    </Group>
  )
}

/** Several fields that answer one question; text fields among them are told to belong together by `role`. */
export function Group({ children, role, ...question }: Question & { children?: Child; role?: 'group' }) {
  const { name, label, size = 's' } = question
  const error = errorOf(question)
  const ids = describedBy(question)
  return (
    <div class={groupClass(error)}>
      <fieldset
        class="govuk-fieldset"
        {...(role === undefined ? {} : { role })}
        {...(ids === '' ? {} : { 'aria-describedby': ids })}
      >
        <legend class={`govuk-fieldset__legend govuk-fieldset__legend--${size}`}>{label}</legend>
        <Hint name={name} hint={question.hint} />
        <ErrorMessage {...question} />
        {children}
      </fieldset>
    </div>
  )
}

/** A small field inside a group; what is wrong with it is said by the group. */
export function SmallField({
  name,
  label,
  value,
  width = 2,
  wrong = false,
  inputmode = 'numeric',
}: {
  name: string
  label: string
  value: string
  width?: 2 | 3 | 4
  wrong?: boolean
  inputmode?: 'numeric' | 'text'
}) {
  return (
    <div class="govuk-date-input__item">
      <div class="govuk-form-group">
        <label class="govuk-label govuk-date-input__label" for={name}>
          {label}
        </label>
        <input
          class={`govuk-input govuk-date-input__input govuk-input--width-${width}${wrong ? ' govuk-input--error' : ''}`}
          id={name}
          name={name}
          type="text"
          inputmode={inputmode}
          value={value}
        />
      </div>
    </div>
  )
}

export function Button({
  children,
  kind = 'first',
  ...rest
}: {
  children: Child
  kind?: 'first' | 'second' | 'warning'
  name?: string
  value?: string
  formaction?: string
}) {
  const look =
    kind === 'first' ? '' : kind === 'second' ? ' govuk-button--secondary' : ' govuk-button--warning'
  return (
    <button type="submit" class={`govuk-button${look}`} data-module="govuk-button" {...rest}>
      {children}
    </button>
  )
}

/** A way on that looks like a button and is a link: without script the space bar would not press it. */
export function ButtonLink({
  to,
  children,
  kind = 'first',
}: {
  to: string
  children: Child
  kind?: 'first' | 'second'
}) {
  return (
    <a
      href={to}
      draggable={false}
      class={`govuk-button${kind === 'first' ? '' : ' govuk-button--secondary'}`}
      data-module="govuk-button"
    >
      {children}
    </a>
  )
}

function Label({ name, label, size }: Question) {
  return (
    <label class={`govuk-label${size === undefined ? '' : ` govuk-label--${size}`}`} for={name}>
      {label}
    </label>
  )
}

function Hint({ name, hint }: Pick<Question, 'name' | 'hint'>) {
  if (hint === undefined) return null
  return (
    <div id={`${name}-hint`} class="govuk-hint">
      {hint}
    </div>
  )
}

function ErrorMessage(question: Question) {
  const error = errorOf(question)
  if (error === null) return null
  return (
    <p id={`${question.name}-error`} class="govuk-error-message">
      <span class="govuk-visually-hidden">{question.say('form.error')}</span> {error}
    </p>
  )
}

function errorOf({ name, errors }: Question): string | null {
  return errors.find(({ field }) => field === name)?.text ?? null
}

function groupClass(error: string | null): string {
  return `govuk-form-group${error === null ? '' : ' govuk-form-group--error'}`
}

function describedBy(question: Question): string {
  const { name, hint } = question
  return [hint === undefined ? '' : `${name}-hint`, errorOf(question) === null ? '' : `${name}-error`]
    .filter((id) => id !== '')
    .join(' ')
}

function described(question: Question): { 'aria-describedby'?: string } {
  const ids = describedBy(question)
  return ids === '' ? {} : { 'aria-describedby': ids }
}

/** The first choice bears the name itself, so that the error summary leads to it. */
function idOf(name: string, index: number): string {
  return index === 0 ? name : `${name}-${index + 1}`
}
