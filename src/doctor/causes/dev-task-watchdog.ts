import type { Cause } from '../cause.ts';
import { crashed } from './shared/transfer.ts';

export const devTaskWatchdog: Cause = {
  id: 'dev-task-watchdog',
  title: 'the update runs where it may not take so long, and the watchdog restarts the board',
  met: 'seldom',
  stops: ['transfer', 'restart'],
  only: { 'board.family': 'esp32' },
  evidence: [
    crashed,
    {
      strongly: { 'serial.reset-reason': 'task-watchdog', 'sketch.lint.update-in-async-callback': true },
      supports: { 'tool.method': 'http-form', 'after.running-build': 'old' },
      excludes: {
        'serial.reset-reason': ['brownout', 'power-on', 'deep-sleep', 'exception'],
        'sketch.lint.update-in-async-callback': [],
      },
    },
  ],
  fix: [
    "Do the update in loop() instead of the web server's callback: store a flag there, or use Update.runAsync(true) and yield().",
    'Give long-running tasks a vTaskDelay(1).',
  ],
  test: 'Read the serial log: "task_wdt" with async_tcp or loopTask is this.',
};
