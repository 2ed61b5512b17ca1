import type { SampleRecords } from './records';

/** 2030-01-01 00:00 UTC. */
const newYear = 1893456000;
const day = 86400;

/** Records of `demo`. The users 7, 8 and 9 are those of its fixture. */
export const demoRecords: SampleRecords = {
  contacts: [{ lastname: 'Acme Ltd', city: 'Berlin', country: 'DE' }],
  accounts: [
    { lastname: 'Acme Ltd', contact: 1, type: 1, customernum: 'C-1001' },
    { lastname: 'Springfield Power', type: 1, customernum: 'C-1002' },
  ],
  projects: [{ name: 'Move to the new office', projectnum: 'P-2001', account: 1, status: 3, assigneduser: 8 }],
  tickets: [
    {
      ticketnum: 'T-3001',
      name: 'Printer on the second floor prints blank pages',
      account: 1,
      assigneduser: 7,
      status: 4,
      priority: 3,
      duedate: newYear + day,
    },
    { ticketnum: 'T-3002', name: 'Invoice 4711 is missing', account: 2, assigneduser: 7, status: 0, priority: 4 },
    { ticketnum: 'T-3003', name: 'Größere Monitore für den Empfang', project: 1, assigneduser: 8, status: 2 },
    { ticketnum: 'T-3004', name: 'Welcome mail has a dead link', account: 2, assigneduser: 7, status: 9, priority: 1 },
  ],
};

/** Records of `acme`: another instance, so another ticket with the same ID. */
export const acmeRecords: SampleRecords = {
  accounts: [{ lastname: 'Wile E.', firstname: 'Coyote', type: 1, customernum: 'C-1' }],
  tickets: [{ ticketnum: 'A-1', name: 'Rocket skates arrived late', account: 1, assigneduser: 12, status: 4 }],
};
