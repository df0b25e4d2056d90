/** doctor: facts in, causes out.
 *  causes/ holds one cause a file, as data; grades.ts every weight; rank.ts the reckoning; choose.ts the next question;
 *  render.ts the answer in words. */
export { type Cause, type Layer, layerOf } from './cause.ts';
export { causeOf, causes } from './causes/index.ts';
export { type Choice, choose } from './choose.ts';
export { derive } from './derive.ts';
export { describe } from './describe.ts';
export { diagnosisFields } from './fields.ts';
export { factsOfImage } from './probes/image.ts';
export { type Probe, probes, type Risk } from './questions.ts';
export { type Diagnosis, diagnose, type Named, type Verdict } from './rank.ts';
export { pageOf, type Rendered, render, short } from './render.ts';
