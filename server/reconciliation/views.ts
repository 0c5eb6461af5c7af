import type { ComparedSide, ComparisonRow, ComparisonSample, ComparisonView } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import type { Comparison, Finding, FindingKind, Side } from './report.js';

const time = (at: Instant): string => new Date(at).toISOString();

export function comparisonRow(doc: Comparison): ComparisonRow {
  const { id, day, provider, channels, state, from, until, complete, counts, problem, finishedAt } = doc;
  return {
    ...{ id, day, provider, channels, state },
    scheduledFor: time(doc.scheduledFor),
    ...(from !== undefined && { from: time(from) }),
    ...(until !== undefined && { until: time(until) }),
    ...(finishedAt !== undefined && { finishedAt: time(finishedAt) }),
    ...(complete !== undefined && { complete }),
    ...(counts && { counts }),
    ...(problem && { problem }),
  };
}

export function comparisonView(doc: Comparison): ComparisonView {
  const of = (kind: FindingKind) => doc.findings.filter((one) => one.kind === kind).map(sampleView);
  return {
    ...comparisonRow(doc),
    ...{ differing: of('differing'), onlyTheirs: of('onlyTheirs'), onlyOurs: of('onlyOurs') },
  };
}

function sampleView({ kind: _kind, theirs, ours, ...sample }: Finding): ComparisonSample {
  return { ...sample, ...(theirs && { theirs: sideView(theirs) }), ...(ours && { ours: sideView(ours) }) };
}

const sideView = ({ at, ...side }: Side): ComparedSide => ({ ...side, ...(at !== undefined && { at: time(at) }) });
