import { ApiError } from '../http/problem.js';
import { type Route, route } from '../http/route.js';
import type { Comparisons } from './hold.js';
import { comparisonPageSchema, comparisonParams, comparisonSchema, comparisonsQuery } from './schema.js';
import { comparisonRow, comparisonView } from './views.js';

/** The reports of the daily comparison with the providers, for the merchant they are about. */
export function comparisonRoutes(comparisons: Comparisons): Route[] {
  return [
    route({
      method: 'get',
      path: '/comparisons',
      tag: 'Comparisons',
      summary: 'The daily comparisons with the providers, newest first',
      description:
        'One for each provider contract and day of the merchant. The first of the list is usually the next one, still `waiting`. Kept 90 days.',
      callers: ['secret'],
      query: comparisonsQuery,
      responses: { 200: { description: 'A page', schema: comparisonPageSchema } },
      async handle({ caller, query: { limit, after } }) {
        const page = await comparisons.find({
          index: 'by_merchant',
          equals: { merchant: caller.merchant.id },
          order: 'desc',
          limit,
          ...(after !== undefined && { after }),
        });
        const data = page.docs.map(comparisonRow);
        return { status: 200, body: { data, ...(page.next !== undefined && { next: page.next }) } };
      },
    }),
    route({
      method: 'get',
      path: '/comparisons/:id',
      tag: 'Comparisons',
      summary: 'One comparison, with up to 100 samples of each kind of difference',
      callers: ['secret'],
      params: comparisonParams,
      responses: { 200: { description: 'The comparison', schema: comparisonSchema } },
      async handle({ caller, params }) {
        const doc = await comparisons.get(params.id);
        if (doc?.merchant !== caller.merchant.id) throw new ApiError('comparison_not_found');
        return { status: 200, body: comparisonView(doc) };
      },
    }),
  ];
}
