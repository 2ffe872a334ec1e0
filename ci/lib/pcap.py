"""Writes what was said over one TCP connection as a capture file, as if it had come from the network."""
import struct

from relay import CLIENT, SERVER

RAW_IP = 101  # the link type: packets begin with their IP header
SEGMENT_BYTES = 1400
FIN, SYN, PSH, ACK = 1, 2, 8, 16
# By who sends.
ADDRESSES = {CLIENT: bytes([192, 0, 2, 1]), SERVER: bytes([192, 0, 2, 2])}
PORTS = {CLIENT: 50000, SERVER: 443}
OTHER = {CLIENT: SERVER, SERVER: CLIENT}


def checksum(data):
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Capture:
    def __init__(self):
        self.packets = []
        self._sequence = {CLIENT: 0x10000000, SERVER: 0x20000000}

    def segment(self, who, flags, data=b''):
        acknowledged = self._sequence[OTHER[who]] if flags & ACK else 0
        tcp = struct.pack('!HHIIBBHHH', PORTS[who], PORTS[OTHER[who]], self._sequence[who], acknowledged, 5 << 4, flags,
                          65535, 0, 0)
        addresses = ADDRESSES[who] + ADDRESSES[OTHER[who]]
        pseudo_header = addresses + struct.pack('!HH', 6, len(tcp) + len(data))
        tcp = tcp[:16] + struct.pack('!H', checksum(pseudo_header + tcp + data + bytes(len(data) % 2))) + tcp[18:]
        ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(tcp) + len(data), len(self.packets), 0, 64, 6, 0) + addresses
        ip = ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:]
        self.packets.append(ip + tcp + data)
        self._sequence[who] += len(data) + (1 if flags & (SYN | FIN) else 0)


def pcap(said):
    """The bytes of a capture file; said: one connection of a Relay."""
    capture = Capture()
    capture.segment(CLIENT, SYN)
    capture.segment(SERVER, SYN | ACK)
    capture.segment(CLIENT, ACK)
    for who, data in said:
        for at in range(0, len(data), SEGMENT_BYTES):
            capture.segment(who, PSH | ACK, data[at:at + SEGMENT_BYTES])
    for who in (CLIENT, SERVER):
        capture.segment(who, FIN | ACK)
    capture.segment(CLIENT, ACK)
    out = struct.pack('!IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, RAW_IP)
    for number, packet in enumerate(capture.packets):
        out += struct.pack('!IIII', 0, number, len(packet), len(packet)) + packet
    return out
