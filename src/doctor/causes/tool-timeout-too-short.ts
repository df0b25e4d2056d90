import { above, type Cause } from '../cause.ts';

export const toolTimeoutTooShort: Cause = {
  id: 'tool-timeout-too-short',
  title: 'the tool gives up before a slow but healthy board is done',
  met: 'seldom',
  stops: ['transfer', 'verdict', 'connect-back'],
  evidence: [
    {
      strongly: { 'transfer.stop-pattern': 'same-time', 'trial.longer-windows': 'works' },
      supports: { 'transfer.end': ['stall', 'closed'], 'transfer.ack-time': above(500), 'net.ping': 'answered' },
      excludes: {
        'trial.longer-windows': 'fails',
        'transfer.stop-pattern': ['same-place', 'at-start', 'random'],
        'transfer.end': 'reboot',
      },
    },
  ],
  fix: [
    'Give the tool more time: `-t 30` with espota.py, `upload_flags = --timeout=30` in PlatformIO.',
    'Or bring the board nearer to the access point so that it is faster. WhyOTA waits as long as bytes are acknowledged.',
  ],
  test: 'Upload once with a time-out of 60 seconds.',
};
