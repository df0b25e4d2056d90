import type { Cause } from '../cause.ts';
import { slipped } from './shared/restart.ts';

export const devRollback: Cause = {
  id: 'dev-rollback',
  title: 'the new sketch ran, but was never marked as good, so the boot loader went back',
  met: 'seldom',
  stops: ['run', 'restart'],
  only: { 'board.family': 'esp32' },
  evidence: [
    slipped,
    {
      proves: { 'serial.says': 'rollback' },
      strongly: { 'after.running-build': 'new-then-old' },
      supports: { 'after.restart': ['cycles', 'returns'] },
      against: { 'after.running-build': 'old' },
    },
  ],
  fix: [
    'Let the new sketch mark itself as good: esp_ota_mark_app_valid_cancel_rollback() once it is on Wi-Fi.',
    'If it restarts before it gets there, find out why: read the serial log.',
  ],
  test: 'Read the serial log of the second restart: it says whether the boot loader went back.',
};
