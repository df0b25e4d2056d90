/** http-pull: boards that ask a web server for their update (ESP8266httpUpdate, HTTPUpdate).
 *  wire.ts: what a board says of itself.  server.ts: which answer it gets.  device.ts: the update clients of the cores. */
export {
  judgeFirstByte,
  judgePullAnswer,
  type PullClient,
  type PullVerdict,
  printPullRequest,
  pullErrorText,
  readPullAnswer,
} from './device.ts';
export { type Asked, answerPull, credentials, type Offer, type Outcome, type PullAnswer } from './server.ts';
export { type Headers, macOf, type PullFamily, type PullRequest, readPullRequest } from './wire.ts';
