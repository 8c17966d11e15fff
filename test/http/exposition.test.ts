import { describe, expect, test } from 'vitest'
import { Durations, exposition } from '../../src/http/exposition.ts'
import { readSamples } from './samples.ts'

describe('figures for Prometheus', () => {
  test('the text is exactly this', () => {
    const text = exposition([
      { name: 'a_total', help: 'How many.', type: 'counter', samples: [{ value: 3, labels: { kind: 'x' } }] },
      { name: 'none', help: 'Left out.', type: 'gauge', samples: [] },
      {
        name: 'b',
        help: 'A \\ and\na line.',
        type: 'gauge',
        samples: [{ value: -0.5 }, { value: Infinity, labels: { a: '1', b: '2' } }],
      },
    ])
    expect(text).toBe(
      '# HELP a_total How many.\n# TYPE a_total counter\na_total{kind="x"} 3\n' +
        '# HELP b A \\\\ and\\na line.\n# TYPE b gauge\nb -0.5\nb{a="1",b="2"} +Inf\n',
    )
  })

  test('whatever a bank calls itself stays one label value', () => {
    const names = ['Mill"brook', 'a\\', '\\n', 'two\nlines', '} 1\n# TYPE evil gauge', 'Élan 漢字', '']
    const samples = names.map((name, i) => ({ value: i, labels: { name } }))
    const read = readSamples(exposition([{ name: 'bank', help: 'Names.', type: 'gauge', samples }]))
    expect(read.map(({ labels, value }) => [labels.name, value])).toEqual(names.map((name, i) => [name, i]))
  })

  test('each bucket holds all that were as fast or faster, and the last all of them', () => {
    const took = new Durations([0.01, 0.1, 1])
    for (const seconds of [0.005, 0.01, 0.05, 0.5, 7]) took.took(seconds)
    const text = exposition([
      { name: 'commit_seconds', help: 'Writes.', type: 'histogram', samples: took.samples() },
    ])
    expect(readSamples(text).map(({ name, labels, value }) => [name, labels.le, value])).toEqual([
      ['commit_seconds_bucket', '0.01', 2],
      ['commit_seconds_bucket', '0.1', 3],
      ['commit_seconds_bucket', '1', 4],
      ['commit_seconds_bucket', '+Inf', 5],
      ['commit_seconds_sum', undefined, expect.closeTo(7.565, 9)],
      ['commit_seconds_count', undefined, 5],
    ])
  })
})
