import { z } from 'zod';
import { ApiError } from './problem.js';
import { type Route, route } from './route.js';

/** A job: does one round and says how many things it worked on. Safe to run anywhere, at any time, any number of times. */
export type Job = () => Promise<number>;

/** For an outside cron: the same work that the server does by itself. */
export function jobRoutes(jobs: Readonly<Record<string, Job>>): Route[] {
  const names = Object.keys(jobs);
  return [
    route({
      method: 'post',
      path: '/jobs/:name',
      tag: 'Operations',
      summary: `Run one round of a job: ${names.join(', ')}`,
      callers: ['cron'],
      params: z.strictObject({ name: z.string().min(1).max(40) }),
      responses: {
        200: { description: 'How many things were worked on', schema: z.object({ job: z.string(), worked: z.int() }) },
      },
      async handle({ params }) {
        const job = Object.hasOwn(jobs, params.name) ? jobs[params.name] : undefined;
        if (!job) throw new ApiError('not_found', `There is no such job; there are: ${names.join(', ')}.`);
        return { status: 200, body: { job: params.name, worked: await job() } };
      },
    }),
  ];
}
