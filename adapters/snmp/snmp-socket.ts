import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';

/** What happened on a socket beside messages and answers. */
export interface SocketTroubles {
  /** A datagram that made the library throw. */
  garbage(): void;
  /** The system says that nothing can be reached there. */
  broken(error: Error): void;
}

/**
 * The socket under a session of net-snmp. It is connected, so that only the device itself is heard: the library takes
 * an answer from any address. And whatever a datagram makes the library throw ends here: the library lets it end the
 * process.
 */
export class SnmpSocket extends EventEmitter {
  readonly #socket: Socket;
  readonly #troubles: SocketTroubles;
  #connected: Promise<void> | null = null;

  constructor(transport: 'udp4' | 'udp6', troubles: SocketTroubles) {
    super();
    this.#socket = createSocket(transport);
    this.#troubles = troubles;
    this.#socket.on('message', (data, from) => {
      try {
        this.emit('message', data, from);
      } catch {
        troubles.garbage();
      }
    });
    this.#socket.on('close', () => this.emit('close'));
    this.#socket.on('error', (error) => this.#troubles.broken(error));
  }

  send(
    data: Buffer,
    offset: number,
    length: number,
    port: number,
    host: string,
    done: (error: Error | null) => void,
  ): void {
    this.#connected ??= this.#connect(port, host);
    this.#connected
      .then(() => this.#socket.send(data, offset, length, done))
      .catch((error: unknown) => {
        this.#connected = null;
        done(error as Error);
      });
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    this.#socket.close();
  }

  #connect(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.connect(port, host, (error?: Error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}
