export type {
  BookingEvent,
  DeviceEvent,
  DigestEvent,
  EventBooking,
  EventDevice,
  LabEvent,
  MaintenanceEvent,
  PowerEvent,
} from './lab-event.js';
