/** What a person is told when a target leads nowhere. */
import type { Problem } from '#values/index.ts';
import { type Device, forTerminal } from './devices.ts';
import type { BrowseTrouble } from './links.ts';
import { nearest } from './names.ts';

export const unreadableTarget = (typed: string): Problem => ({
  code: 'target-unreadable',
  what: `"${forTerminal(typed)}" is neither a name nor an address`,
  why: 'a board is named as myboard, myboard.local, 192.168.1.7 or 192.168.1.7:8266; a port is between 1 and 65535',
  fix: 'check the spelling, or run whyota find to see the boards on this network',
  blame: 'person',
});

/** Cause `disc-name-unresolvable`. */
export function nameUnresolvable(name: string, seen: readonly Device[], troubles: readonly BrowseTrouble[]): Problem {
  const near = nearest(
    name,
    seen.map((device) => device.name),
  );
  const listed = seen.slice(0, 20).map((device) => `${device.name} at ${device.addresses[0]} (${device.firmware})`);
  const meant = near.length > 0 ? `did you mean ${near.join(' or ')}? Otherwise ` : '';
  return {
    code: 'disc-name-unresolvable',
    what: `no board called "${forTerminal(name)}" was found`,
    why: `nothing answered to that name by mDNS, on any interface of this computer, and DNS does not know it. ${
      seen.length === 0
        ? 'No board was seen at all: the board may be off or its loop stuck, or the network keeps multicast from this computer'
        : 'Other boards were seen, so mDNS works here: the name is another one, or that board is off or stuck'
    }`,
    fix: `${meant}use the address that your router shows for the board: --to 192.168.x.y`,
    blame: near.length > 0 ? 'person' : seen.length > 0 ? 'device' : 'network',
    details: [
      ...listed.map((line) => `seen: ${line}`),
      ...troubles.map(({ link, trouble, means }) =>
        means === 'deaf'
          ? `${link}: could not listen (${trouble.detail})`
          : `${link}: port 5353 could not be shared (${trouble.detail}); old boards may stay unseen`,
      ),
    ],
  };
}

/** Cause `disc-hostname-collision`. */
export const sharedName = (name: string, boards: readonly { address: string; mac: string }[]): Problem => ({
  code: 'disc-hostname-collision',
  what: `${boards.length} boards are called "${forTerminal(name)}"`,
  why: 'each announces the same name, so the name alone could lead to the wrong one',
  fix: `say which one by its address: --to ${boards.map(({ address }) => address).join(' or --to ')}; then give each board a name of its own (ArduinoOTA.setHostname)`,
  blame: 'device',
  details: boards.map(({ address, mac }) => `${address} is ${mac}`),
});

export const notArduinoOta = (device: Device): Problem => ({
  code: 'board-updates-otherwise',
  what: `${device.name} does not take updates by ArduinoOTA`,
  why: `it announces itself as ${device.firmware}${device.version ? ` ${device.version}` : ''}: ${device.whyNot}`,
  fix: `update it with the tools of ${device.firmware}; if it does run ArduinoOTA beside that, name the port: --to ${device.addresses[0]}:8266`,
  blame: 'person',
});

export const interrupted: Problem = {
  code: 'interrupted',
  what: 'the search was interrupted',
  why: 'it was asked to stop before the board was found',
  fix: 'run it again',
  blame: 'person',
};
