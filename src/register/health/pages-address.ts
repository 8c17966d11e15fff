/** Do the pages know where visitors come from, and is the way to them safe? */

import { type Finding, finding } from './finding.ts'
import type { Look } from './look.ts'

export function checkPages({ publicUrl, surroundings: { proxies, isPrivate } }: Look): readonly Finding[] {
  if (publicUrl === null) return [finding('fine', 'pages.house')]
  const { protocol, hostname } = new URL(publicUrl)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isPrivate(`/${kindOf(host)}/${host}`)) return [finding('fine', 'pages.house')]
  if (protocol !== 'https:') return [finding('wrong', 'pages.open')]
  // This program speaks no https itself, so somebody before it does.
  return [proxies === 0 ? finding('look', 'pages.proxy') : finding('fine', 'pages.fine')]
}

function kindOf(host: string): 'ip4' | 'ip6' | 'dns' {
  if (host.includes(':')) return 'ip6'
  return /^\d+(\.\d+){3}$/.test(host) ? 'ip4' : 'dns'
}
