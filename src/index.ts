/**
 * What may another program import? The client of a bank's API, and what is needed to run banks and to audit logs.
 */

export { type AuditOptions, auditPaths } from './audit/audit.ts'
export type { AuditReport } from './audit/report.ts'
export { renderReport } from './audit/report-text.ts'
export { Fault, type FaultCode } from './core/fault.ts'
export { REFUSALS, type Refusal, type RefusalCode } from './core/refusal.ts'
export { type Client, makeClient, openClient, type Problem, ProblemError } from './http/client.ts'
export type { OperatorLog } from './machine.ts'
export {
  type InitOptions,
  init,
  type ServedBank,
  type ServeOptions,
  serve,
} from './serve.ts'
export { VERSION } from './version.ts'
