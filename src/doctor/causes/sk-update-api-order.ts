import type { Cause } from '../cause.ts';

export const skUpdateApiOrder: Cause = {
  id: 'sk-update-api-order',
  title: "the sketch's own updater calls the Update functions in the wrong order or ignores their answers",
  met: 'rarely',
  stops: ['verdict', 'transfer', 'restart'],
  evidence: [
    {
      strongly: { 'sketch.lint.update-api-misuse': true },
      supports: {
        'device.error': 'md5',
        'tool.method': ['http-form', 'http-pull'],
        'after.running-build': 'old',
        'attempt.tool-text': 'success',
      },
      against: { 'tool.method': ['espota', 'network-upload'] },
      excludes: { 'sketch.lint.update-api-misuse': false },
    },
  ],
  fix: [
    'Call Update.begin(size) first, then Update.setMD5(), then write, then end(true).',
    'Look at what each of them returns, and report Update.printError() when it is false.',
  ],
  test: 'Look whether setMD5() stands before begin() in the sketch.',
};
