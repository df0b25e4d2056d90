/** What can stand in an update's way, in the hub itself. */
import { formatNumber, type Problem } from '#values/index.ts';

export const updateUnknown: Problem = {
  code: 'hub-update-unknown',
  what: 'there is no such update',
  why: 'it was never ordered here, or its device was forgotten',
  fix: 'look at the list of updates',
  blame: 'person',
};

export const deviceUnknown: Problem = {
  code: 'hub-device-unknown',
  what: 'there is no such device',
  why: 'it was never seen here, or it was forgotten',
  fix: 'look at the list of devices',
  blame: 'person',
};

export const nobodyNamed: Problem = {
  code: 'hub-update-for-nobody',
  what: 'no device is named',
  why: 'an update is for devices, for a group or for a tag, and there are none of that kind',
  fix: 'name at least one',
  blame: 'person',
};

export const alreadyUnderWay = (name: string): Problem => ({
  code: 'hub-update-under-way',
  what: `an update of ${name} is under way`,
  why: 'a device gets one update at a time',
  fix: 'wait for its end, or cancel it first',
  blame: 'person',
});

export const notFlashable = (name: string, way: string | undefined): Problem => ({
  code: 'hub-not-flashable',
  what: `${name} can't be updated from here${way === undefined ? '' : ` by ${way}`}`,
  why: 'the hub sees no ArduinoOTA on it, it never asked for an update, and it has no Blynk token that could carry one',
  fix: 'flash a sketch with ArduinoOTA, or one that fetches its updates from this hub, once over USB',
  blame: 'device',
});

export const tooLate: Problem = {
  code: 'hub-update-too-late',
  what: "this update can't be cancelled any more",
  why: 'the board has all of it, or it is over',
  fix: 'wait for its end; then roll back',
  blame: 'person',
};

export const notOver: Problem = {
  code: 'hub-update-not-over',
  what: 'this update is still under way',
  why: 'only one that has ended can be tried again',
  fix: 'wait for its end, or cancel it first',
  blame: 'person',
};

export const nothingBefore = (name: string): Problem => ({
  code: 'hub-nothing-before',
  what: `there is nothing to roll ${name} back to`,
  why: 'no other firmware of the library was ever confirmed on it, or it is not in the library any more',
  fix: 'choose a firmware and flash that',
  blame: 'person',
});

/** The same problem with advice for who sits at the hub: the command line keeps passwords elsewhere. */
export const atTheHub = (problem: Problem): Problem =>
  problem.code === 'password-needed' || problem.code === 'auth-wrong-password'
    ? { ...problem, fix: "set the board's OTA password on its page in the hub, and try again" }
    : problem;

/** `detail`: the database's own words. */
export const notWritten = (detail: string): Problem => ({
  code: 'hub-not-written',
  what: "the hub can't write to its database",
  why: `nothing is done that is not written down first, and the database says: ${detail}`,
  fix: 'make room on the disk of the data folder, or end the program that holds the database, and try again',
  blame: 'us',
});

export const neverCame = (name: string): Problem => ({
  code: 'hub-update-never-came',
  what: `${name} did not come for its update`,
  why: 'it was not seen for as long as an update waits',
  fix: 'check that the board has power and is on the network, and order the update again',
  blame: 'device',
});

/** `runs`: its own words. */
export const unproven = (name: string, runs: string | undefined): Problem => ({
  code: 'hub-update-unproven',
  what: `nobody can say whether ${name} stored the update`,
  why:
    runs === undefined
      ? 'the transfer broke off when the board had all of it, and the board does not say what it runs'
      : `the transfer broke off when the board had all of it, and the board says that it runs ${runs}`,
  fix: 'look whether it runs the new sketch; if not, try again',
  blame: 'network',
});

export const notTaken = (name: string, times: number): Problem => ({
  code: 'hub-update-not-taken',
  what: `${name} got the update ${times} times and still runs what it ran before`,
  why: 'it refused the image (too little space, wrong digest, wrong chip), or its boot loader went back to the old one',
  fix: 'read its serial output: its update client prints the reason',
  blame: 'device',
});

export const otaIgnored = (name: string): Problem => ({
  code: 'hub-blynk-ota-ignored',
  what: `${name} was told of the update and did not fetch it`,
  why: 'its sketch has no handler for the ota message (BLYNK_WRITE of InternalPinOTA), or it does not reach this hub over HTTP',
  fix: 'flash it over the network with ArduinoOTA instead, or add the handler from the Blynk examples',
  blame: 'device',
});

export const noOta = (name: string): Problem => ({
  code: 'hub-blynk-no-ota',
  what: `${name} does not know the ota message`,
  why: 'its Blynk library is older than 0.4.4',
  fix: 'flash it over the network with ArduinoOTA, or over USB',
  blame: 'device',
});

export const doesNotFit = (name: string, bytes: number, free: number): Problem => ({
  code: 'img-8266-two-copies-dont-fit',
  what: `${name} has ${formatNumber(free)} bytes free, and the image has ${formatNumber(bytes)}`,
  why: 'during an update the new sketch lies in flash beside the running one',
  fix: 'build with a layout that gives the file system less, flash that once over USB and power-cycle; or make the sketch smaller',
  blame: 'device',
});
