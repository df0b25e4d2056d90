import type { Cause } from '../cause.ts';

export const toolFsUploaderNoPassword: Cause = {
  id: 'tool-fs-uploader-no-password',
  title: 'the file-system plugin cannot pass the OTA password',
  met: 'seldom',
  stops: ['authenticate', 'invite'],
  evidence: [
    {
      strongly: { 'tool.name': 'fs-plugin', 'trial.other-command': 'works' },
      supports: { 'args.command': 'filesystem', 'args.auth-shape': ['absent', 'empty'], 'invite.reply': 'auth' },
      excludes: { 'args.command': 'sketch', 'invite.reply': ['ok', 'silence'], 'trial.other-command': 'fails' },
    },
  ],
  fix: [
    'Upload the file system another way: `whyota flash data.bin --filesystem --to <address>` asks for the password.',
    'Or by espota.py with `-s -a <password>`.',
  ],
  test: 'Upload a sketch with the password: that works, so only the plugin lacks it.',
};
