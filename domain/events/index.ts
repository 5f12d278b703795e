export type {
  BookingEvent,
  DeviceEvent,
  EventBooking,
  EventDevice,
  LabEvent,
  MaintenanceEvent,
  PowerEvent,
} from './lab-event.js';
