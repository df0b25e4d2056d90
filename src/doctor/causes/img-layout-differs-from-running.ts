import type { Cause } from '../cause.ts';

export const imgLayoutDiffersFromRunning: Cause = {
  id: 'img-layout-differs-from-running',
  title: 'the new sketch divides the flash differently from the one on the board',
  met: 'seldom',
  stops: ['restart', 'run', 'connect-back', 'verdict'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    {
      strongly: { 'running.layout-vs-new': 'differs', 'history.changed': ['flash-menu'] },
      supports: { 'after.restart': ['gone', 'cycles'], 'history.changed': ['board'], 'after.filesystem': 'lost' },
      against: { 'after.running-build': 'new', 'fit.verdict': 'too-big', 'device.error': ['bootstrap', 'md5'] },
      excludes: { 'running.layout-vs-new': 'same' },
    },
  ],
  fix: [
    'Choose the same board and Flash Size for every build of this board.',
    'Upload once by cable with exactly these settings, then over the air.',
  ],
  test: 'Compare Board and Flash Size in the Tools menu with those of the first upload.',
};
