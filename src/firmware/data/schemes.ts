/** Partition tables of espressif/arduino-esp32, tools/partitions/*.csv. One partition a word: name:subtype:offset:size,
 *  hexadecimal; app partitions are those of subtype factory, test and ota_N. */
export const schemeTables: Readonly<Record<string, string>> = {
  app1M_nota_spiffs14M_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:100000 spiffs:spiffs:110000:ef0000',
  app1M_spiffs13M_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:100000 app1:ota_1:110000:100000 spiffs:spiffs:210000:df0000',
  app2M_nota_spiffs13M_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:200000 spiffs:spiffs:210000:df0000',
  app2M_spiffs11M_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:200000 app1:ota_1:210000:200000 spiffs:spiffs:410000:bf0000',
  app3M_fat9M_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:300000 app1:ota_1:310000:300000 ffat:fat:610000:9e0000 coredump:coredump:ff0000:10000',
  app3M_fat9M_fact512k_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:300000 app1:ota_1:310000:300000 ffat:fat:610000:960000 factory:factory:f70000:80000 coredump:coredump:ff0000:10000',
  app3M_nota_spiffs12M_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:300000 spiffs:spiffs:310000:cf0000',
  app3M_spiffs9M_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:300000 app1:ota_1:310000:300000 spiffs:spiffs:610000:9f0000',
  app3M_spiffs9M_fact512k_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:300000 app1:ota_1:310000:300000 spiffs:spiffs:610000:960000 factory:factory:f70000:80000 coredump:coredump:ff0000:10000',
  bare_minimum_2MB: 'nvs:nvs:9000:5000 factory:factory:10000:1db000',
  default:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 app1:ota_1:150000:140000 spiffs:spiffs:290000:160000 coredump:coredump:3f0000:10000',
  default_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:640000 app1:ota_1:650000:640000 spiffs:spiffs:c90000:360000 coredump:coredump:ff0000:10000',
  default_32MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:c80000 app1:ota_1:c90000:c80000 spiffs:spiffs:1910000:6c0000 coredump:coredump:1ff0000:10000',
  default_8MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:330000 app1:ota_1:340000:330000 spiffs:spiffs:670000:180000 coredump:coredump:7f0000:10000',
  default_ffat:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 app1:ota_1:150000:140000 ffat:fat:290000:160000 coredump:coredump:3f0000:10000',
  default_plus_eeproms:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 app1:ota_1:150000:140000 eeprom:0x99:290000:1000 eeprom0:0xa7:291000:1000 eeprom1:0xa8:292000:1000 eeprom2:0xa9:293000:1000 spiffs:spiffs:294000:16c000',
  es_developer_es32lab_8m_no_ota:
    'nvs:nvs:9000:5000 factory:factory:10000:300000 spiffs:spiffs:310000:4e0000 coredump:coredump:7f0000:10000',
  es_developer_es32lab_8m_ota:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:200000 app1:ota_1:210000:200000 spiffs:spiffs:410000:3e0000 coredump:coredump:7f0000:10000',
  esp_sr_16:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:300000 app1:ota_1:310000:300000 spiffs:spiffs:610000:600000 model:spiffs:c10000:3e0000 coredump:coredump:ff0000:10000',
  esp_sr_16_app4M:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:400000 app1:ota_1:410000:400000 spiffs:spiffs:810000:400000 model:spiffs:c10000:3e0000 coredump:coredump:ff0000:10000',
  ffat: 'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:200000 app1:ota_1:210000:200000 ffat:fat:410000:be0000 coredump:coredump:ff0000:10000',
  huge_app:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:300000 spiffs:spiffs:310000:e0000 coredump:coredump:3f0000:10000',
  insights: 'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:1e0000 coredump:coredump:3f0000:10000',
  kodedot_partitions:
    'nvs:nvs:9000:6000 phy_init:phy:f000:1000 otadata:ota:10000:2000 ota_0:ota_0:20000:3e0000 ota_1:ota_1:400000:800000 storage:spiffs:c00000:400000',
  large_fat_32MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:480000 app1:ota_1:490000:480000 ffat:fat:910000:16e0000 coredump:coredump:1ff0000:10000',
  large_ffat_8MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 app1:ota_1:150000:140000 ffat:fat:290000:560000 coredump:coredump:7f0000:10000',
  large_littlefs_32MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:480000 app1:ota_1:490000:480000 littlefs:littlefs:910000:16e0000 coredump:coredump:1ff0000:10000',
  large_spiffs_16MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:480000 app1:ota_1:490000:480000 spiffs:spiffs:910000:6e0000 coredump:coredump:ff0000:10000',
  large_spiffs_8MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 app1:ota_1:150000:140000 spiffs:spiffs:290000:560000 coredump:coredump:7f0000:10000',
  m5stack_partitions_16MB_factory_4_apps:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:300000 ota_1:ota_1:310000:300000 ota_2:ota_2:610000:300000 ota_3:ota_3:910000:300000 firmware:factory:c10000:f0000 spiffs:spiffs:d00000:2f0000 coredump:coredump:ff0000:10000',
  m5stack_partitions_16MB_factory_6_apps:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:200000 ota_1:ota_1:210000:200000 ota_2:ota_2:410000:200000 ota_3:ota_3:610000:200000 ota_4:ota_4:810000:200000 ota_5:ota_5:a10000:200000 firmware:factory:c10000:f0000 spiffs:spiffs:d00000:2f0000 coredump:coredump:ff0000:10000',
  max_app_32MB: 'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:factory:10000:1fe0000 coredump:coredump:1ff0000:10000',
  max_app_4MB: 'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:factory:10000:3e0000 coredump:coredump:3f0000:10000',
  max_app_8MB: 'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:factory:10000:7e0000 coredump:coredump:7f0000:10000',
  min_spiffs:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:1e0000 app1:ota_1:1f0000:1e0000 spiffs:spiffs:3d0000:20000 coredump:coredump:3f0000:10000',
  minimal:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 spiffs:spiffs:150000:a0000 coredump:coredump:1f0000:10000',
  no_fs:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:1f0000 app1:ota_1:200000:1f0000 coredump:coredump:3f0000:10000',
  no_ota:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:200000 spiffs:spiffs:210000:1e0000 coredump:coredump:3f0000:10000',
  noota_3g:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:100000 spiffs:spiffs:110000:2e0000 coredump:coredump:3f0000:10000',
  noota_3gffat: 'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:100000 ffat:fat:110000:2f0000',
  noota_ffat:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:200000 ffat:fat:210000:1e0000 coredump:coredump:3f0000:10000',
  rainmaker:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:1e0000 ota_1:ota_1:1f0000:1e0000 fctry:nvs:3d0000:6000 coredump:coredump:3f0000:10000',
  rainmaker_4MB_no_ota:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:3da000 fctry:nvs:3ea000:6000 coredump:coredump:3f0000:10000',
  rainmaker_8MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:3ed000 ota_1:ota_1:3fd000:3ed000 fctry:nvs:7ea000:6000 coredump:coredump:7f0000:10000',
  spiffs_16m:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:740000 app1:ota_1:750000:740000 eeprom:0x99:e90000:1000 spiffs:spiffs:e91000:16f000',
  storage_4MB_noota:
    'app0:ota_0:10000:200000 nvs:nvs:210000:100000 spiffs:spiffs:310000:e0000 coredump:coredump:3f0000:10000',
  'tinyuf2-partitions-16MB':
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:200000 ota_1:ota_1:210000:200000 uf2:factory:410000:40000 ffat:fat:450000:bb0000',
  'tinyuf2-partitions-16MB-noota':
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:400000 uf2:factory:410000:40000 ffat:fat:450000:bb0000',
  'tinyuf2-partitions-4MB':
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:160000 ota_1:ota_1:170000:160000 uf2:factory:2d0000:40000 ffat:fat:310000:f0000',
  'tinyuf2-partitions-8MB-noota':
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 ota_0:ota_0:10000:400000 uf2:factory:410000:40000 ffat:fat:450000:3b0000',
  zigbee:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 app1:ota_1:150000:140000 spiffs:spiffs:290000:15b000 zb_storage:fat:3eb000:4000 zb_fct:fat:3ef000:1000 coredump:coredump:3f0000:10000',
  zigbee_2MB:
    'nvs:nvs:9000:5000 factory:factory:10000:140000 spiffs:spiffs:150000:9b000 zb_storage:fat:1eb000:4000 zb_fct:fat:1ef000:1000 coredump:coredump:1f0000:10000',
  zigbee_8MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:340000 app1:ota_1:350000:340000 spiffs:spiffs:690000:15b000 zb_storage:fat:7eb000:4000 zb_fct:fat:7ef000:1000 coredump:coredump:7f0000:10000',
  zigbee_zczr:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:140000 app1:ota_1:150000:140000 spiffs:spiffs:28f000:15a000 zb_storage:fat:3ea000:4000 zb_fct:fat:3ee000:1000 rcp_fw:spiffs:3ef000:1000 coredump:coredump:3f0000:10000',
  zigbee_zczr_2MB:
    'nvs:nvs:9000:5000 factory:factory:10000:140000 spiffs:spiffs:150000:9a000 zb_storage:nvs:1ea000:4000 zb_fct:fat:1ee000:1000 rcp_fw:spiffs:1ef000:1000 coredump:coredump:1f0000:10000',
  zigbee_zczr_8MB:
    'nvs:nvs:9000:5000 otadata:ota:e000:2000 app0:ota_0:10000:340000 app1:ota_1:350000:340000 spiffs:spiffs:690000:15a000 zb_storage:nvs:7ea000:4000 zb_fct:fat:7ee000:1000 rcp_fw:spiffs:7ef000:1000 coredump:coredump:7f0000:10000',
};

/** Words of boards.txt menus and the scheme they stand for, where the two differ. */
export const schemeMenu: Readonly<Record<string, string>> = {
  defaultffat: 'default_ffat',
  fatflash: 'ffat',
};
