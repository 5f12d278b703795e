export {
  assertSettings,
  changedSettings,
  mistakesIn,
  SETTING_KEYS,
  valuesOf,
  type LabSettings,
  type SelfApproval,
  type SettingKey,
  type SettingValue,
} from './lab-settings.js';
