export { connect, openTunnel, ProxyRefusedError } from '../zeyos/tunnel';
