/** Every cause that the doctor can name. */
import type { Cause } from '../cause.ts';
import { authHashFormat } from './auth-hash-format.ts';
import { authOldUploaderNewDevice } from './auth-old-uploader-new-device.ts';
import { authPasswordSetTooLate } from './auth-password-set-too-late.ts';
import { authReplyLost } from './auth-reply-lost.ts';
import { authSha256Migration } from './auth-sha256-migration.ts';
import { authWaitauthSticky } from './auth-waitauth-sticky.ts';
import { authWrongPassword } from './auth-wrong-password.ts';
import { cloudBlynkAir } from './cloud-blynk-air.ts';
import { cloudBodyNotFirmware } from './cloud-body-not-firmware.ts';
import { cloudHttpStatus } from './cloud-http-status.ts';
import { cloudNoLength } from './cloud-no-length.ts';
import { cloudStreamTimeout } from './cloud-stream-timeout.ts';
import { devBleCoexistence } from './dev-ble-coexistence.ts';
import { devBootCopyFailed } from './dev-boot-copy-failed.ts';
import { devCoreRegression } from './dev-core-regression.ts';
import { devHeapExhausted } from './dev-heap-exhausted.ts';
import { devInterruptPeripheralActive } from './dev-interrupt-peripheral-active.ts';
import { devIsrInFlash } from './dev-isr-in-flash.ts';
import { devLoopNaps } from './dev-loop-naps.ts';
import { devNewImageCrashes } from './dev-new-image-crashes.ts';
import { devNotResetAfterSerial } from './dev-not-reset-after-serial.ts';
import { devRollback } from './dev-rollback.ts';
import { devSerialRxLoad } from './dev-serial-rx-load.ts';
import { devTaskWatchdog } from './dev-task-watchdog.ts';
import { devTlsHeap } from './dev-tls-heap.ts';
import { devUpdateStateStuck } from './dev-update-state-stuck.ts';
import { devUsbCdcBlocks } from './dev-usb-cdc-blocks.ts';
import { devWifiSleep } from './dev-wifi-sleep.ts';
import { discApstaWrongInterface } from './disc-apsta-wrong-interface.ts';
import { discBeginBeforeWifi } from './disc-begin-before-wifi.ts';
import { discHostBlocksMdns } from './disc-host-blocks-mdns.ts';
import { discHostnameCollision } from './disc-hostname-collision.ts';
import { discHostnameIllegalChars } from './disc-hostname-illegal-chars.ts';
import { discIdeStalePort } from './disc-ide-stale-port.ts';
import { discIdeVersionBug } from './disc-ide-version-bug.ts';
import { discIde2Intermittent } from './disc-ide2-intermittent.ts';
import { discIpv6Preferred } from './disc-ipv6-preferred.ts';
import { discMdnsDisabled } from './disc-mdns-disabled.ts';
import { discMdnsNotServiced } from './disc-mdns-not-serviced.ts';
import { discMdnsStartedTwice } from './disc-mdns-started-twice.ts';
import { discNameUnresolvable } from './disc-name-unresolvable.ts';
import { discRouterFiltersMulticast } from './disc-router-filters-multicast.ts';
import { hostFirewallLinux } from './host-firewall-linux.ts';
import { hostFirewallMacos } from './host-firewall-macos.ts';
import { hostFirewallWindows } from './host-firewall-windows.ts';
import { hostListenFailed } from './host-listen-failed.ts';
import { hostMacosLocalNetworkPrivacy } from './host-macos-local-network-privacy.ts';
import { hostMultihomedSource } from './host-multihomed-source.ts';
import { hostNatVmOrContainer } from './host-nat-vm-or-container.ts';
import { hwAntennaDetuned } from './hw-antenna-detuned.ts';
import { hwFlashChipFault } from './hw-flash-chip-fault.ts';
import { hwGpioStrapAtReset } from './hw-gpio-strap-at-reset.ts';
import { hwPowerSag } from './hw-power-sag.ts';
import { img1mOutgrown } from './img-1m-outgrown.ts';
import { img512kChip } from './img-512k-chip.ts';
import { img8266TwoCopiesDontFit } from './img-8266-two-copies-dont-fit.ts';
import { imgBadMagic } from './img-bad-magic.ts';
import { imgEsp32LargerThanSlot } from './img-esp32-larger-than-slot.ts';
import { imgEsp32NoOtaSlot } from './img-esp32-no-ota-slot.ts';
import { imgEsp32PartitionTableChanged } from './img-esp32-partition-table-changed.ts';
import { imgFlashModeMismatch } from './img-flash-mode-mismatch.ts';
import { imgFlashSizeDeclaredTooBig } from './img-flash-size-declared-too-big.ts';
import { imgFlashSizeDeclaredTooSmall } from './img-flash-size-declared-too-small.ts';
import { imgFsImageTooBig } from './img-fs-image-too-big.ts';
import { imgGzipUnsupported } from './img-gzip-unsupported.ts';
import { imgLayoutDiffersFromRunning } from './img-layout-differs-from-running.ts';
import { imgMd5Mismatch } from './img-md5-mismatch.ts';
import { imgMergedImage } from './img-merged-image.ts';
import { imgNearLimit } from './img-near-limit.ts';
import { imgNewImageFlashSizeTooBig } from './img-new-image-flash-size-too-big.ts';
import { imgOtaDestroysFilesystem } from './img-ota-destroys-filesystem.ts';
import { imgSignature } from './img-signature.ts';
import { imgSlotBeyond16mb } from './img-slot-beyond-16mb.ts';
import { imgWrongChip } from './img-wrong-chip.ts';
import { netApQuirk } from './net-ap-quirk.ts';
import { netClientIsolation } from './net-client-isolation.ts';
import { netDeviceUnreachable } from './net-device-unreachable.ts';
import { netInviteDatagramLost } from './net-invite-datagram-lost.ts';
import { netIpConflictOrReservation } from './net-ip-conflict-or-reservation.ts';
import { netNatBetween } from './net-nat-between.ts';
import { netRoutedSubnet } from './net-routed-subnet.ts';
import { netSoftapOnly } from './net-softap-only.ts';
import { netStaticIpBadMaskOrGateway } from './net-static-ip-bad-mask-or-gateway.ts';
import { netStaticIpChangedInNewBuild } from './net-static-ip-changed-in-new-build.ts';
import { netStaticIpOverriddenByDhcp } from './net-static-ip-overridden-by-dhcp.ts';
import { netWeakSignal } from './net-weak-signal.ts';
import { skBeginNotReached } from './sk-begin-not-reached.ts';
import { skBusyWaitNoYield } from './sk-busy-wait-no-yield.ts';
import { skCallbackTooHeavy } from './sk-callback-too-heavy.ts';
import { skCloudReconnectStarves } from './sk-cloud-reconnect-starves.ts';
import { skDeepSleepWindow } from './sk-deep-sleep-window.ts';
import { skFsMountedDuringFsUpdate } from './sk-fs-mounted-during-fs-update.ts';
import { skHandleGated } from './sk-handle-gated.ts';
import { skHandleMissingOrOnce } from './sk-handle-missing-or-once.ts';
import { skHandlePolledTooSlowly } from './sk-handle-polled-too-slowly.ts';
import { skLoopBlocked } from './sk-loop-blocked.ts';
import { skNoOtaInRunningSketch } from './sk-no-ota-in-running-sketch.ts';
import { skOtherWorkDuringUpdate } from './sk-other-work-during-update.ts';
import { skProgressDivideByZero } from './sk-progress-divide-by-zero.ts';
import { skUdpPortClash } from './sk-udp-port-clash.ts';
import { skUpdateApiOrder } from './sk-update-api-order.ts';
import { skWifiNeverStarted } from './sk-wifi-never-started.ts';
import { skWifiRestartedUnderOta } from './sk-wifi-restarted-under-ota.ts';
import { toolEspotaWrongLauncher } from './tool-espota-wrong-launcher.ts';
import { toolFalseFailure } from './tool-false-failure.ts';
import { toolFalseSuccess } from './tool-false-success.ts';
import { toolFsFlagMixup } from './tool-fs-flag-mixup.ts';
import { toolFsUploaderNoPassword } from './tool-fs-uploader-no-password.ts';
import { toolIde2NonemptyPassword } from './tool-ide2-nonempty-password.ts';
import { toolIde166SshPath } from './tool-ide166-ssh-path.ts';
import { toolNetworkPortToSerialUploader } from './tool-network-port-to-serial-uploader.ts';
import { toolPasswordNotQuoted } from './tool-password-not-quoted.ts';
import { toolPasswordPromptRedHerring } from './tool-password-prompt-red-herring.ts';
import { toolPioAuthBreaksUsb } from './tool-pio-auth-breaks-usb.ts';
import { toolPioFlagsOneLine } from './tool-pio-flags-one-line.ts';
import { toolPioHostnameToEsptool } from './tool-pio-hostname-to-esptool.ts';
import { toolPythonMissing } from './tool-python-missing.ts';
import { toolPythonVersionMismatch } from './tool-python-version-mismatch.ts';
import { toolSerialMonitorOnNetworkPort } from './tool-serial-monitor-on-network-port.ts';
import { toolTemplateUnexpanded } from './tool-template-unexpanded.ts';
import { toolTimeoutTooShort } from './tool-timeout-too-short.ts';
import { toolUsbFlashIgnoredAfterOta } from './tool-usb-flash-ignored-after-ota.ts';
import { toolWrongArtifact } from './tool-wrong-artifact.ts';
import { toolWrongOtaPort } from './tool-wrong-ota-port.ts';

export const causes: readonly Cause[] = [
  hostFirewallWindows,
  hostFirewallMacos,
  hostFirewallLinux,
  hostMacosLocalNetworkPrivacy,
  hostListenFailed,
  hostMultihomedSource,
  hostNatVmOrContainer,
  netDeviceUnreachable,
  netStaticIpChangedInNewBuild,
  netClientIsolation,
  netRoutedSubnet,
  netNatBetween,
  netApQuirk,
  netWeakSignal,
  netInviteDatagramLost,
  netStaticIpBadMaskOrGateway,
  netStaticIpOverriddenByDhcp,
  netIpConflictOrReservation,
  netSoftapOnly,
  discHostBlocksMdns,
  discRouterFiltersMulticast,
  discHostnameIllegalChars,
  discMdnsNotServiced,
  discBeginBeforeWifi,
  discMdnsStartedTwice,
  discApstaWrongInterface,
  discIdeStalePort,
  discIde2Intermittent,
  discIpv6Preferred,
  discIdeVersionBug,
  discNameUnresolvable,
  discHostnameCollision,
  discMdnsDisabled,
  toolPythonMissing,
  toolPythonVersionMismatch,
  toolEspotaWrongLauncher,
  toolTemplateUnexpanded,
  toolNetworkPortToSerialUploader,
  toolPioHostnameToEsptool,
  toolPioFlagsOneLine,
  toolPioAuthBreaksUsb,
  toolWrongOtaPort,
  toolPasswordPromptRedHerring,
  toolIde2NonemptyPassword,
  toolPasswordNotQuoted,
  toolFsUploaderNoPassword,
  toolWrongArtifact,
  toolFsFlagMixup,
  toolFalseSuccess,
  toolFalseFailure,
  toolTimeoutTooShort,
  toolSerialMonitorOnNetworkPort,
  toolUsbFlashIgnoredAfterOta,
  toolIde166SshPath,
  authWrongPassword,
  authHashFormat,
  authSha256Migration,
  authOldUploaderNewDevice,
  authWaitauthSticky,
  authPasswordSetTooLate,
  authReplyLost,
  skNoOtaInRunningSketch,
  skWifiNeverStarted,
  skBeginNotReached,
  skHandleMissingOrOnce,
  skLoopBlocked,
  skBusyWaitNoYield,
  skCloudReconnectStarves,
  skHandleGated,
  skHandlePolledTooSlowly,
  skWifiRestartedUnderOta,
  skUdpPortClash,
  skCallbackTooHeavy,
  skOtherWorkDuringUpdate,
  skFsMountedDuringFsUpdate,
  skProgressDivideByZero,
  skDeepSleepWindow,
  skUpdateApiOrder,
  devNotResetAfterSerial,
  devIsrInFlash,
  devInterruptPeripheralActive,
  devSerialRxLoad,
  devBleCoexistence,
  devHeapExhausted,
  devTlsHeap,
  devTaskWatchdog,
  devWifiSleep,
  devLoopNaps,
  devUsbCdcBlocks,
  devUpdateStateStuck,
  devRollback,
  devBootCopyFailed,
  devCoreRegression,
  devNewImageCrashes,
  img8266TwoCopiesDontFit,
  img512kChip,
  img1mOutgrown,
  imgFlashSizeDeclaredTooBig,
  imgFlashSizeDeclaredTooSmall,
  imgNewImageFlashSizeTooBig,
  imgLayoutDiffersFromRunning,
  imgFlashModeMismatch,
  imgEsp32NoOtaSlot,
  imgEsp32LargerThanSlot,
  imgEsp32PartitionTableChanged,
  imgNearLimit,
  imgBadMagic,
  imgMergedImage,
  imgWrongChip,
  imgGzipUnsupported,
  imgSignature,
  imgMd5Mismatch,
  imgFsImageTooBig,
  imgOtaDestroysFilesystem,
  imgSlotBeyond16mb,
  hwPowerSag,
  hwGpioStrapAtReset,
  hwAntennaDetuned,
  hwFlashChipFault,
  cloudHttpStatus,
  cloudBodyNotFirmware,
  cloudNoLength,
  cloudStreamTimeout,
  cloudBlynkAir,
];

const byId = new Map(causes.map((cause) => [cause.id, cause]));

export const causeOf = (id: string): Cause | undefined => byId.get(id);
