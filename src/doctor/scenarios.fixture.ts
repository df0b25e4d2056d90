/** One case a cause: the facts of a report in which it is at fault, `name=value` each. */
import type { Fact, FactName } from '#values/facts.ts';
import { vocabulary } from '#values/facts.ts';

const reports: Readonly<Record<string, string>> = {
  'host-firewall-windows':
    'attempt.stopped-in=connect-back host.os=windows host.firewall.inbound=blocked host.network-category=public listener.from-peer=timed-out connectback.syn=seen-not-accepted invite.again-after-ok=after-connect-timeout serial.first-error=connect serial.start-reached=true trial.firewall-off=works',
  'host-firewall-macos':
    'attempt.stopped-in=connect-back host.os=macos host.firewall.inbound=blocked listener.from-peer=refused connectback.syn=seen-not-accepted invite.again-after-ok=after-connect-timeout serial.start-reached=true trial.firewall-off=works',
  'host-firewall-linux':
    'attempt.stopped-in=connect-back host.os=linux host.firewall.inbound=blocked listener.from-peer=timed-out connectback.syn=seen-not-accepted invite.again-after-ok=after-connect-timeout serial.start-reached=true trial.firewall-off=works',
  'host-macos-local-network-privacy':
    'attempt.stopped-in=invite host.os=macos host.local-network-permission=denied invite.sent=not-sent trial.other-tool=works',
  'host-listen-failed':
    'attempt.stopped-in=listen listener.bind=in-use attempt.tool-text=listen-failed invite.sent=not-sent',
  'host-multihomed-source':
    'attempt.stopped-in=connect-back net.source-address=other-lan connectback.syn=none invite.again-after-ok=after-connect-timeout',
  'host-nat-vm-or-container':
    'attempt.stopped-in=connect-back host.confinement=container net.source-address=virtual discovery.raw-mdns=absent listener.from-peer=timed-out',
  'net-device-unreachable':
    'attempt.stopped-in=invite net.arp=other-device net.ping=silent net.from-elsewhere=unreachable net.device-online=false',
  'net-static-ip-changed-in-new-build':
    'attempt.stopped-in=invite build.address=static-as-target net.arp=silent net.other-address=previous-build',
  'net-client-isolation':
    'attempt.stopped-in=invite net.arp=silent net.device-online=true net.from-elsewhere=reachable net.device-segment=guest trial.other-network=works',
  'net-routed-subnet':
    'attempt.stopped-in=connect-back net.arp=not-on-link net.device-segment=routed-subnet net.ping=answered connectback.tcp=timed-out discovery.over-time=only-with-forwarding',
  'net-nat-between':
    'attempt.stopped-in=connect-back net.device-segment=behind-nat connectback.peer=gateway serial.first-error=connect',
  'net-ap-quirk':
    'attempt.stopped-in=connect-back net.device-segment=same net.signal=good trial.other-network=works trial.other-host=fails trial.other-board=fails',
  'net-weak-signal':
    'attempt.stopped-in=transfer net.signal=weak net.ping=lossy transfer.stop-pattern=random transfer.end=stall trial.closer=works person.parts-near-antenna=false',
  'net-invite-datagram-lost':
    'attempt.stopped-in=invite board.family=esp8266 invite.reply=silence invite.pattern=now-and-then-lost net.ping=lossy trial.at-once-again=works',
  'net-static-ip-bad-mask-or-gateway':
    'attempt.stopped-in=invite sketch.lint.wifi-config-args=true net.arp=board net.ping=lossy net.device-online=false',
  'net-static-ip-overridden-by-dhcp':
    'attempt.stopped-in=invite board.family=esp8266 net.other-address=dhcp-lease history.wire-since-power-on=true trial.after-power-cycle=works build.address=static-as-target',
  'net-ip-conflict-or-reservation':
    'attempt.stopped-in=invite net.arp=two-macs net.lease=other-address',
  'net-softap-only':
    'attempt.stopped-in=invite running.wifi-mode=ap net.device-segment=own-access-point net.arp=not-on-link',
  'disc-host-blocks-mdns':
    'attempt.stopped-in=discover discovery.raw-mdns=absent discovery.elsewhere=any-host trial.by-address=works',
  'disc-router-filters-multicast':
    'attempt.stopped-in=discover discovery.raw-mdns=absent discovery.elsewhere=same-access-point-only trial.by-address=works sketch.lint.begin-before-wifi=false trial.other-network=works',
  'disc-hostname-illegal-chars':
    'attempt.stopped-in=discover discovery.raw-mdns=seen discovery.listed=no discovery.name-legal=false sketch.lint.hostname-chars=true',
  'disc-mdns-not-serviced':
    'attempt.stopped-in=discover board.family=esp8266 discovery.over-time=vanishes-after-boot discovery.raw-mdns=absent trial.by-address=fails sketch.lint.mdns-off-without-update=true',
  'disc-begin-before-wifi':
    'attempt.stopped-in=discover sketch.lint.begin-before-wifi=true discovery.elsewhere=nowhere trial.by-address=works invite.reply=ok',
  'disc-mdns-started-twice':
    'attempt.stopped-in=discover sketch.lint.second-mdns=true discovery.name-as-configured=false serial.crash-place=mdns',
  'disc-apsta-wrong-interface':
    'attempt.stopped-in=discover running.wifi-mode=ap-and-station sketch.lint.ap-or-apsta=true discovery.elsewhere=device-own-network trial.by-address=works',
  'disc-ide-stale-port':
    'attempt.stopped-in=discover discovery.listed=stale net.other-address=dhcp-lease trial.tool-restarted=works',
  'disc-ide2-intermittent':
    'attempt.stopped-in=discover tool.name=arduino-ide-2 discovery.raw-mdns=seen discovery.listed=no discovery.over-time=on-and-off discovery.name-legal=true trial.ipv6-off=fails trial.other-tool=works',
  'disc-ipv6-preferred':
    'attempt.stopped-in=discover host.ipv6-on-lan=true discovery.answers-over=ipv4 discovery.raw-mdns=seen discovery.listed=no discovery.over-time=never trial.ipv6-off=works',
  'disc-ide-version-bug':
    'attempt.stopped-in=discover tool.name=arduino-ide-1 history.changed=ide-version discovery.raw-mdns=seen discovery.listed=no discovery.name-legal=true trial.other-tool=works',
  'disc-name-unresolvable':
    'attempt.stopped-in=discover discovery.name-resolves=no args.target=dot-local invite.sent=name-not-found trial.by-address=works',
  'disc-hostname-collision':
    'attempt.stopped-in=restart discovery.name-resolves=several after.running-build=new-on-other-board',
  'disc-mdns-disabled':
    'attempt.stopped-in=discover sketch.lint.mdns-off-without-update=true discovery.over-time=never discovery.elsewhere=nowhere trial.by-address=works',
  'tool-python-missing':
    'attempt.stopped-in=prepare tool.interpreter=not-found attempt.tool-text=interpreter-not-found attempt.stopped-in=prepare',
  'tool-python-version-mismatch':
    'attempt.stopped-in=prepare tool.interpreter=wrong-version attempt.tool-text=traceback',
  'tool-espota-wrong-launcher':
    'attempt.stopped-in=prepare tool.program=editor attempt.tool-text=hangs invite.sent=not-sent tool.name=fs-plugin',
  'tool-template-unexpanded':
    'attempt.stopped-in=prepare args.target=placeholder attempt.tool-text=invalid-value',
  'tool-network-port-to-serial-uploader':
    'attempt.stopped-in=prepare tool.program=esptool args.target=ipv4 attempt.tool-text=serial-port-error',
  'tool-pio-hostname-to-esptool':
    'attempt.stopped-in=prepare tool.name=platformio tool.program=esptool args.target=bare-name',
  'tool-pio-flags-one-line':
    'attempt.stopped-in=authenticate tool.name=platformio args.auth-shape=has-flag args.ota-port=8266',
  'tool-pio-auth-breaks-usb':
    'attempt.stopped-in=prepare tool.name=platformio tool.method=serial tool.program=esptool args.target=serial-device attempt.tool-text=usage-error',
  'tool-wrong-ota-port':
    'attempt.stopped-in=invite invite.reply=silence args.auth-shape=absent net.http=answers args.ota-port=8266 board.ota-port=3232',
  'tool-password-prompt-red-herring':
    'attempt.stopped-in=connect-back tool.asks-password=true discovery.auth-upload=no invite.reply=ok',
  'tool-ide2-nonempty-password':
    'attempt.stopped-in=prepare tool.name=arduino-ide-2 tool.asks-password=true invite.reply=ok attempt.stopped-in=prepare',
  'tool-password-not-quoted':
    'attempt.stopped-in=prepare args.auth-shape=has-space attempt.tool-text=usage-error trial.other-tool=works',
  'tool-fs-uploader-no-password':
    'attempt.stopped-in=authenticate tool.name=fs-plugin args.command=filesystem invite.reply=auth args.auth-shape=absent trial.other-command=works',
  'tool-wrong-artifact':
    'attempt.stopped-in=prepare image.kind=bootloader trial.other-file=works',
  'tool-fs-flag-mixup':
    'attempt.stopped-in=restart image.kind=app args.command=filesystem after.running-build=old after.filesystem=lost',
  'tool-false-success':
    'attempt.stopped-in=verdict board.family=esp8266 attempt.tool-text=success verdict.reply=error after.restart=none after.running-build=old',
  'tool-false-failure':
    'attempt.stopped-in=verdict attempt.tool-text=no-result verdict.reply=ok-with-count after.running-build=new',
  'tool-timeout-too-short':
    'attempt.stopped-in=transfer transfer.stop-pattern=same-time transfer.end=stall trial.longer-windows=works',
  'tool-serial-monitor-on-network-port':
    'attempt.stopped-in=invite history.monitor-on-network-port=true attempt.tool-text=no-answer trial.tool-restarted=works',
  'tool-usb-flash-ignored-after-ota':
    'attempt.stopped-in=restart tool.method=serial build.boot-selector=other-offset after.running-build=old',
  'tool-ide166-ssh-path':
    'attempt.stopped-in=prepare tool.program=ssh attempt.tool-text=ssh-error',
  'auth-wrong-password':
    'attempt.stopped-in=authenticate auth.result=refused auth.accepted-form=previous-password attempt.reproducible=every-time',
  'auth-hash-format':
    'attempt.stopped-in=authenticate auth.result=refused auth.accepted-form=none sketch.lint.hash-format=true sketch.password-form=upper-case-hash',
  'auth-sha256-migration':
    'attempt.stopped-in=authenticate board.family=esp32 auth.result=refused sketch.password-form=md5-hash history.changed=core-version trial.other-core=works auth.nonce-length=64',
  'auth-old-uploader-new-device':
    'attempt.stopped-in=authenticate board.family=esp32 auth.result=no-reply tool.auth-schemes=md5 auth.nonce-length=64',
  'auth-waitauth-sticky':
    'attempt.stopped-in=invite invite.pattern=alternates invite.reply=silence trial.at-once-again=works',
  'auth-password-set-too-late':
    'attempt.stopped-in=authenticate sketch.lint.setters-after-begin=true auth.accepted-form=first-set-value discovery.name-as-configured=false',
  'auth-reply-lost':
    'attempt.stopped-in=authenticate auth.result=no-reply attempt.reproducible=sometimes net.ping=lossy trial.without-password=works',
  'sk-no-ota-in-running-sketch':
    'attempt.stopped-in=invite running.has-ota=false history.worked-before=once invite.reply=port-unreachable',
  'sk-wifi-never-started':
    'attempt.stopped-in=invite sketch.joins-wifi=false net.lease=absent serial.last-sign=wifi-wait net.arp=silent',
  'sk-begin-not-reached':
    'attempt.stopped-in=invite net.arp=board invite.reply=port-unreachable running.has-ota=true sketch.lint.ota-begin-after-blocker=true serial.last-sign=config-portal sketch.lint.blynk-begin-owns-wifi=true',
  'sk-handle-missing-or-once':
    'attempt.stopped-in=invite sketch.lint.handle-missing=true invite.again-after-ok=never invite.pattern=never trial.right-after-reset=fails',
  'sk-loop-blocked':
    'attempt.stopped-in=invite sketch.lint.long-delay=true invite.pattern=waits-for-a-free-loop connectback.syn=seen-late serial.request-seen=late trial.right-after-reset=works sketch.longest-wait=6000',
  'sk-busy-wait-no-yield':
    'attempt.stopped-in=discover sketch.lint.busy-wait=true net.ping=lossy net.ping-pattern=long-gaps serial.reset-reason=soft-watchdog discovery.raw-mdns=absent',
  'sk-cloud-reconnect-starves':
    'attempt.stopped-in=invite sketch.lint.blocking-cloud-loop=true running.server-link=down trial.server-up=works net.ping=answered',
  'sk-handle-gated':
    'attempt.stopped-in=invite sketch.lint.handle-conditional=true invite.pattern=bursts',
  'sk-handle-polled-too-slowly':
    'attempt.stopped-in=invite sketch.lint.handle-in-slow-task=true attempt.reproducible=sometimes invite.latency=240',
  'sk-wifi-restarted-under-ota':
    'attempt.stopped-in=invite sketch.lint.double-wifi-begin=true invite.pattern=only-after-reset discovery.over-time=vanishes-after-boot sketch.lint.stop-all=true',
  'sk-udp-port-clash':
    'attempt.stopped-in=invite sketch.lint.udp-on-ota-port=true serial.says=udp-bind-failed invite.reply=silence',
  'sk-callback-too-heavy':
    'attempt.stopped-in=transfer sketch.lint.heavy-callback=true transfer.end=stall transfer.ack-time=900',
  'sk-other-work-during-update':
    'attempt.stopped-in=transfer sketch.stops-work-on-start=false attempt.reproducible=different-each-time running.heap=falling trial.minimal-sketch=works',
  'sk-fs-mounted-during-fs-update':
    'attempt.stopped-in=verdict args.command=filesystem sketch.lint.fs-not-ended=true serial.first-error=end trial.other-command=works',
  'sk-progress-divide-by-zero':
    'attempt.stopped-in=transfer sketch.lint.progress-div-zero=true serial.crash=divide-by-zero serial.crash-place=ota-callback image.size=64',
  'sk-deep-sleep-window':
    'attempt.stopped-in=invite net.ping=awake-windows sketch.lint.deep-sleep=true serial.reset-reason=deep-sleep',
  'sk-update-api-order':
    'attempt.stopped-in=verdict sketch.lint.update-api-misuse=true device.error=md5 tool.method=http-form',
  'dev-not-reset-after-serial':
    'attempt.stopped-in=restart board.family=esp8266 history.wire-since-power-on=true device.error=bootstrap trial.after-power-cycle=works person.parts-on-boot-pins=false serial.boot-mode=1',
  'dev-isr-in-flash':
    'attempt.stopped-in=transfer sketch.lint.isr-not-iram=true transfer.end=reboot transfer.stop-pattern=at-start serial.crash=illegal-instruction serial.crash-place=interrupt',
  'dev-interrupt-peripheral-active':
    'attempt.stopped-in=transfer sketch.lint.timers-running=true transfer.end=reboot serial.crash=driver-assert trial.peripheral-off=works',
  'dev-serial-rx-load':
    'attempt.stopped-in=transfer sketch.lint.uart-device=true transfer.end=stall transfer.stop-pattern=same-place trial.peripheral-off=works',
  'dev-ble-coexistence':
    'attempt.stopped-in=transfer board.family=esp32 sketch.lint.ble-active=true transfer.ping=spikes trial.bluetooth-off=works',
  'dev-heap-exhausted':
    'attempt.stopped-in=transfer running.heap=low device.error=out-of-memory serial.crash=alloc-failed trial.right-after-reset=works sketch.lint.tls-held=true',
  'dev-tls-heap':
    'attempt.stopped-in=transfer serial.tls-error=alloc-failed tool.method=http-pull running.heap=low trial.minimal-sketch=works',
  'dev-task-watchdog':
    'attempt.stopped-in=transfer board.family=esp32 sketch.lint.update-in-async-callback=true serial.reset-reason=task-watchdog transfer.end=reboot',
  'dev-wifi-sleep':
    'attempt.stopped-in=transfer sketch.lint.light-or-modem-sleep=true net.ping-pattern=saw-tooth trial.sleep-off=works',
  'dev-loop-naps':
    'attempt.stopped-in=transfer sketch.lint.light-or-modem-sleep=true transfer.ping=bursts transfer.end=completed',
  'dev-usb-cdc-blocks':
    'attempt.stopped-in=transfer board.family=esp32 board.chip=esp32-s2 trial.terminal-open=works transfer.ack-time=180',
  'dev-update-state-stuck':
    'attempt.stopped-in=verdict device.error=md5 trial.right-after-reset=works attempt.reproducible=first-works-then-fails',
  'dev-rollback':
    'attempt.stopped-in=run board.family=esp32 after.running-build=new-then-old serial.says=rollback',
  'dev-boot-copy-failed':
    'attempt.stopped-in=restart board.family=esp8266 after.restart=gone serial.eboot=copy-failed fit.verdict=fits',
  'dev-core-regression':
    'attempt.stopped-in=connect-back history.changed=core-version trial.other-core=works trial.minimal-sketch=fails',
  'dev-new-image-crashes':
    'attempt.stopped-in=run after.restart=cycles after.running-build=new serial.eboot=copied serial.crash-place=user-code',
  'img-8266-two-copies-dont-fit':
    'attempt.stopped-in=connect-back board.family=esp8266 fit.verdict=too-big invite.again-after-ok=at-once connectback.app-sessions=survived serial.first-error=begin device.error=not-enough-space connectback.largest-called=4096 image.size=300000',
  'img-512k-chip':
    'attempt.stopped-in=connect-back board.family=esp8266 fit.verdict=too-big board.flash-real=524288 running.flash-declared=524288',
  'img-1m-outgrown':
    'attempt.stopped-in=connect-back board.family=esp8266 fit.verdict=too-big history.changed=sketch-size history.worked-before=until-a-change trial.smaller-image=works board.flash-real=1048576 running.size=520000',
  'img-flash-size-declared-too-big':
    'attempt.stopped-in=connect-back board.family=esp8266 device.error=flash-config serial.says=flash-size-not-as-built running.flash-declared=4194304 board.flash-real=1048576 connectback.largest-called=0',
  'img-flash-size-declared-too-small':
    'attempt.stopped-in=connect-back board.family=esp8266 fit.verdict=too-big running.flash-declared=1048576 board.flash-real=4194304',
  'img-new-image-flash-size-too-big':
    'attempt.stopped-in=verdict board.family=esp8266 device.error=new-flash-config image.flash-declared=4194304 board.flash-real=1048576 transfer.stopped-at=100',
  'img-layout-differs-from-running':
    'attempt.stopped-in=restart board.family=esp8266 running.layout-vs-new=differs history.changed=flash-menu after.restart=gone',
  'img-flash-mode-mismatch':
    'attempt.stopped-in=restart board.family=esp8266 after.restart=gone attempt.tool-text=success serial.reset-reason=hardware-watchdog image.flash-mode=qio running.flash-mode=dout',
  'img-esp32-no-ota-slot':
    'attempt.stopped-in=connect-back board.family=esp32 invite.again-after-ok=at-once serial.says=no-update-partition build.app-slots=1 connectback.largest-called=0',
  'img-esp32-larger-than-slot':
    'attempt.stopped-in=connect-back board.family=esp32 fit.verdict=too-big invite.again-after-ok=at-once running.layout-vs-new=same trial.smaller-image=works connectback.largest-called=4096 running.slot-size=1310720 image.size=1400000',
  'img-esp32-partition-table-changed':
    'attempt.stopped-in=connect-back board.family=esp32 running.layout-vs-new=differs history.changed=partition-table trial.by-wire=works',
  'img-near-limit':
    'attempt.stopped-in=connect-back trial.by-wire=works trial.smaller-image=works fit.spare=-1200 build.ide-usage=99',
  'img-bad-magic':
    'attempt.stopped-in=verdict image.kind=web-page device.error=magic',
  'img-merged-image':
    'attempt.stopped-in=verdict image.kind=merged device.error=magic trial.other-file=works',
  'img-wrong-chip':
    'attempt.stopped-in=verdict device.error=could-not-activate image.chip=esp32-s3 board.chip=esp32',
  'img-gzip-unsupported':
    'attempt.stopped-in=verdict board.family=esp8266 image.kind=gzip-app device.error=magic serial.eboot=copy-failed running.core-version=2.6.3',
  'img-signature':
    'attempt.stopped-in=verdict running.wants-signature=true image.signature=absent device.error=signature',
  'img-md5-mismatch':
    'attempt.stopped-in=verdict device.error=md5 transfer.end=completed image.intact=true',
  'img-fs-image-too-big':
    'attempt.stopped-in=transfer args.command=filesystem image.kind=filesystem fit.verdict=too-big trial.other-command=works',
  'img-ota-destroys-filesystem':
    'attempt.stopped-in=run after.filesystem=lost after.running-build=new running.layout-vs-new=differs',
  'img-slot-beyond-16mb':
    'attempt.stopped-in=restart board.family=esp32 after.running-build=old after.restart=returns build.second-slot-end=33554432',
  'hw-power-sag':
    'attempt.stopped-in=transfer serial.reset-reason=brownout attempt.reproducible=different-each-time trial.other-supply=works transfer.end=reboot',
  'hw-gpio-strap-at-reset':
    'attempt.stopped-in=restart person.parts-on-boot-pins=true trial.boot-pins-free=works after.restart=gone sketch.lint.strap-pins=true serial.boot-mode=1',
  'hw-antenna-detuned':
    'attempt.stopped-in=transfer person.parts-near-antenna=true net.signal=weak trial.other-board=works',
  'hw-flash-chip-fault':
    'attempt.stopped-in=transfer device.error=flash-write transfer.stop-pattern=same-place trial.by-wire=fails trial.other-board=works',
  'cloud-http-status':
    'attempt.stopped-in=prepare tool.method=http-pull pull.server=reachable pull.status=302',
  'cloud-body-not-firmware':
    'attempt.stopped-in=transfer tool.method=http-pull pull.body=web-page device.error=magic',
  'cloud-no-length':
    'attempt.stopped-in=transfer tool.method=http-pull pull.length=absent pull.body=firmware',
  'cloud-stream-timeout':
    'attempt.stopped-in=transfer tool.method=http-pull device.error=stream-timeout transfer.end=stall',
  'cloud-blynk-air':
    'attempt.stopped-in=transfer tool.method=blynk-air pull.body=firmware device.error=not-enough-space running.free-space=300000 image.size=420000',
};

/** Facts from `name=value` words; the value is read as its name asks. */
export const factsFrom = (words: string, source: Fact['source'] = 'probe'): Fact[] =>
  words
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const [name, text] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
      const { is } = vocabulary[name as FactName];
      const value = is === 'flag' ? text === 'true' : is === 'number' ? Number(text) : text;
      return { fact: name, value, source } as Fact;
    });

export const scenarios: readonly (readonly [id: string, facts: readonly Fact[]])[] = Object.entries(reports).map(
  ([id, words]) => [id, factsFrom(words)],
);
