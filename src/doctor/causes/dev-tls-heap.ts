import { type Cause, under } from '../cause.ts';

export const devTlsHeap: Cause = {
  id: 'dev-tls-heap',
  title: 'the board has too little memory for the secure connection from which it fetches its update',
  met: 'seldom',
  stops: ['transfer', 'connect-back', 'invite', 'prepare'],
  evidence: [
    {
      strongly: { 'serial.tls-error': ['alloc-failed', 'record-too-big'] },
      supports: {
        'tool.method': 'http-pull',
        'running.heap': 'low',
        'trial.minimal-sketch': 'works',
        'pull.status': under(0),
      },
      excludes: {
        'tool.method': ['espota', 'network-upload', 'serial', 'http-form'],
        'serial.tls-error': ['none', 'certificate'],
      },
    },
  ],
  fix: [
    'Ask the server for smaller records (setBufferSizes(), MFLN), and free displays, sprites and Bluetooth before the update.',
    'Or fetch by plain HTTP and sign the firmware.',
  ],
  test: 'Try the same fetch in a sketch that does nothing else.',
};
