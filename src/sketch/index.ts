/** sketch: reads Arduino sketches and says what in them will break updates over the air.
 *  grammar.ts, source/, lower.ts: from text to a small tree.  model.ts, trace.ts: what runs, in which order.
 *  waits.ts, pass.ts: what blocks.  rules/: one family a file.  check.ts, facts.ts, fix.ts, render.ts: what comes out. */
export { check } from './check.ts';
export { facts } from './facts.ts';
export type { Edit, Finding, Fix, RuleName, Severity } from './finding.ts';
export { applyFixes, type Fixed } from './fix.ts';
export { type Grammar, loadGrammar, wasmFiles } from './grammar.ts';
export { type Family, readSketch, type Sketch } from './model.ts';
export { type NewSketch, newSketch } from './new-sketch.ts';
export { asGithub, renderFinding } from './render.ts';
export { rules } from './rules/index.ts';
export { withoutSecrets } from './secrets.ts';
export type { SketchFile } from './source/tabs.ts';
