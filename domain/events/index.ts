export type { BookingEvent, DeviceEvent, EventBooking, EventDevice, LabEvent, MaintenanceEvent } from './lab-event.js';
