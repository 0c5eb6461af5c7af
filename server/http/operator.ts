import type { Request, RequestHandler } from 'express';
import { sameSecret } from '../secrets/tokens.js';
import { ApiError } from './problem.js';

/** What an endpoint of the operator answers, as JSON. */
export type OperatorAnswer = () => Promise<object>;

function checkOperator(req: Request, secret: string | undefined): void {
  const refuse = (detail: string) =>
    new ApiError('unauthorized', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
  if (secret === undefined) {
    throw refuse(
      'OPERATOR_SECRET is not set on this server, so nobody can call this. Set it to 32 or more random characters (`openssl rand -hex 32`) and send it as Authorization: Bearer <secret>.',
    );
  }
  const [, given] = /^Bearer +([\x21-\x7e]{1,4096})$/i.exec(req.get('authorization') ?? '') ?? [];
  if (given === undefined) throw refuse('Send Authorization: Bearer <the OPERATOR_SECRET>.');
  if (!sameSecret(given, secret)) throw refuse('This is not the OPERATOR_SECRET.');
}

/** `GET` at the root, for whoever runs the server: needs OPERATOR_SECRET. Outside the API, its description and its rate limits. */
export function operatorRoutes(
  secret: string | undefined,
  answers: Readonly<Record<string, OperatorAnswer>>,
): RequestHandler {
  return async (req, res, next) => {
    const answer = Object.hasOwn(answers, req.path) ? answers[req.path] : undefined;
    if (!answer) return next();
    res.locals.route = req.path;
    if (req.method !== 'GET') {
      throw new ApiError('method_not_allowed', 'This path takes GET.', { headers: { Allow: 'GET' } });
    }
    checkOperator(req, secret);
    res.locals.caller = 'operator';
    res.set('Cache-Control', 'no-store').json(await answer());
  };
}
