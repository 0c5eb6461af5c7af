import { z } from 'zod';
import type {
  ComparedSide,
  ComparisonCounts,
  ComparisonRow,
  ComparisonSample,
  ComparisonView,
} from '../../contract/index.js';
import { comparisonProblems, comparisonStates, differenceKinds, findingEnds, providers } from '../../contract/index.js';
import { idField, limitField } from '../http/fields.js';

const time = z.iso.datetime();
const count = z.int();

const counts = z.object({
  both: count,
  differing: count,
  onlyTheirs: count,
  onlyOurs: count,
  onTheirWay: count,
  notOurs: count,
  unread: count,
}) satisfies z.ZodType<ComparisonCounts>;

const side = z.object({
  state: z.string(),
  amount: z.int().exactOptional(),
  currency: z.string(),
  cancelled: z.int().exactOptional(),
  at: time.exactOptional(),
}) satisfies z.ZodType<ComparedSide>;

const sample = z.object({
  orderId: z.string(),
  record: z.string(),
  payment: z.string().exactOptional(),
  differs: z.array(z.enum(differenceKinds)).exactOptional(),
  theirs: side.exactOptional(),
  ours: side.exactOptional(),
  end: z.enum(findingEnds).exactOptional(),
}) satisfies z.ZodType<ComparisonSample>;

export const comparisonRowSchema = z.object({
  id: z.string(),
  day: z.iso.date(),
  provider: z.enum(providers),
  channels: z.array(z.string()),
  state: z.enum(comparisonStates),
  scheduledFor: time,
  from: time.exactOptional(),
  until: time.exactOptional(),
  finishedAt: time.exactOptional(),
  complete: z.boolean().exactOptional(),
  counts: counts.exactOptional(),
  problem: z.enum(comparisonProblems).exactOptional(),
}) satisfies z.ZodType<ComparisonRow>;

export const comparisonSchema = comparisonRowSchema.extend({
  differing: z.array(sample),
  onlyTheirs: z.array(sample),
  onlyOurs: z.array(sample),
}) satisfies z.ZodType<ComparisonView>;

export const comparisonPageSchema = z.object({
  data: z.array(comparisonRowSchema),
  next: z.string().exactOptional(),
});

export const comparisonParams = z.strictObject({ id: idField('cmp') });
export const comparisonsQuery = z.strictObject({
  limit: limitField(100, 20),
  after: z.string().max(500).exactOptional(),
});
