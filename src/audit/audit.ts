/**
 * How is an audit run on exported logs? Folders and zip files in, a report out; no node, no network and no key is
 * needed ([RES-1]).
 */

import { auditNetwork } from './network.ts'
import { independentPath, plainPath } from './replay.ts'
import { type AuditReport, reportOf } from './report.ts'
import { findSources, type Sources } from './source.ts'

export interface AuditOptions {
  /** `yes`: read with the second decoder and verify with the second verifier; slower, and trusts no code of the node. */
  readonly independent: 'yes' | 'no'
  /** Seconds; age is judged against it. Without it, the time of the latest entry counts. */
  readonly now?: number
  /** Entries read so far, and in all. */
  readonly progress?: (done: number, total: number) => void
}

/**
 * Audits the logs in these folders and zip files. What is wrong with the logs is in the report; the fault
 * `export_invalid` is thrown only when there is nothing to audit, a zip file cannot be opened, or files change while
 * they are read.
 */
export async function auditPaths(paths: readonly string[], options: AuditOptions): Promise<AuditReport> {
  return auditSources(findSources(paths), options)
}

/** The same over logs from anywhere, such as a bank's own store or a simulated network. */
export async function auditSources(sources: Sources, options: AuditOptions): Promise<AuditReport> {
  const audit = await auditNetwork(sources, {
    path: options.independent === 'yes' ? independentPath() : plainPath(),
    now: options.now ?? null,
    progress: options.progress ?? (() => {}),
  })
  return reportOf(audit)
}
