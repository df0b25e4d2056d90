/** A request that is not carried out: thrown by handlers, answered as a problem. */
import type { Problem } from '#values/index.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem;
  constructor(status: number, problem: Problem) {
    super(problem.what);
    this.status = status;
    this.problem = problem;
  }
}

export const notThere = (what: string): Refusal =>
  new Refusal(404, {
    code: 'hub-not-there',
    what: `there is no such ${what}`,
    why: 'it was removed meanwhile, or the address is mistyped',
    fix: 'load the list again',
  });
export const loginNeeded = (): Refusal =>
  new Refusal(401, {
    code: 'hub-login-needed',
    what: 'the hub does not know who you are',
    why: 'there is no session and no token with this request, or it has ended',
    fix: 'log in again; scripts send `Authorization: Bearer <token>`',
  });
export const notAllowed = (scope: string): Refusal =>
  new Refusal(403, {
    code: 'hub-not-allowed',
    what: `that takes a token with the scope "${scope}"`,
    why: 'the token that came with this request may do less',
    fix: 'make a token with that scope in the settings of the console',
  });
export const forged = (): Refusal =>
  new Refusal(403, {
    code: 'hub-forged',
    what: 'the request did not come from the console itself',
    why: 'its x-csrf header or its origin is not that of this session',
    fix: 'load the console again',
  });
export const wrongLogin = (): Refusal =>
  new Refusal(401, {
    code: 'hub-wrong-login',
    what: 'name or password is wrong',
    why: 'the hub has no owner with this name and password',
    fix: 'try again; if it is lost, run `whyota hub --reset-owner` on the machine of the hub',
  });
export const wrongLink = (): Refusal =>
  new Refusal(403, {
    code: 'hub-link-used',
    what: 'this link makes no owner any more',
    why: 'it was used already, or a newer one was made',
    fix: 'run `whyota hub --reset-owner` on the machine of the hub: it prints a new one',
  });
