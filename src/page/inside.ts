/** The parts of the page for the console, which shows the same answers in a frame of its own. They need a browser. */
export { type Answer, answer, type Given, sketchOf } from './answer.ts';
export { type Example, examples } from './examples.ts';
export { type Intake, sortFiles } from './intake.ts';
export { type Doings, showAnswer } from './show-answer.ts';
export { showFiles } from './show-files.ts';
