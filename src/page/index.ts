/** page: the static page "Why did my upload fail?": the doctor in a browser. One file, no server, no request.
 *  answer.ts: what was given to an answer.  link.ts: facts in a link's fragment.  main.ts: the page itself, built by
 *  scripts/build-page.ts.  show-*.ts: the answer as elements; everything from outside becomes text. */
export { type Answer, answer, type Given, sketchOf } from './answer.ts';
export { packFacts, unpackFacts } from './link.ts';
