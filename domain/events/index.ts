export type {
  BookingEvent,
  DeviceEvent,
  DigestEvent,
  EventBooking,
  EventDevice,
  LabEvent,
  MaintenanceEvent,
} from './lab-event.js';
