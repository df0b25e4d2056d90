/** How to let boards call this very program back: firewalls allow programs one by one. */
import { environment } from '#node/index.ts';

/** The rule for this system, as lines for a person. */
export function allowRule(): readonly string[] {
  const { os } = environment;
  const node = process.execPath;
  const rule = {
    windows: [
      'in a PowerShell that was started as administrator:',
      `  New-NetFirewallRule -DisplayName WhyOTA -Direction Inbound -Program "${node}" -Action Allow -Profile Private,Public`,
    ],
    macos: [
      `  sudo /usr/libexec/ApplicationFirewall/socketfilterfw --add "${node}" --unblockapp "${node}"`,
      'and when macOS asks whether the IDE may reach devices on the local network: allow it',
    ],
    linux: [
      'where ufw or firewalld runs, boards must be let in, for instance:',
      '  sudo ufw allow from 192.168.0.0/16 to any port 1024:65535 proto tcp',
    ],
    other: [`let boards connect to ${node}`],
  }[os];
  return [...rule, `more: whyota explain host-firewall-${os === 'other' ? 'linux' : os}`];
}
