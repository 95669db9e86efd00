//! `inet`, `cidr`, `macaddr`, `macaddr8`: `10.0.0.1/32` to `10.0.0.1`, `::FFFF:1.2.3.4` to
//! `::ffff:1.2.3.4`, `08-00-2B-01-02-03` to `08:00:2b:01:02:03`.
//!
//! `src/backend/utils/adt/network.c, network_in, network_out`, `inet_net_pton.c`,
//! `src/port/inet_net_ntop.c`, `mac.c`, `mac8.c`. Addresses may have parts left out: `10/8`.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::scan::{Cursor, is_digits, trim};
use super::{Output, Refusal};

pub(super) fn inet(text: &str) -> Output {
    let network = Network::parse(text, false)?;
    let address = network.address();
    Ok(if network.bits == network.width { address } else { format!("{address}/{}", network.bits) })
}

/// The bits right of the mask have to be zero; the mask is always printed.
pub(super) fn cidr(text: &str) -> Output {
    let network = Network::parse(text, true)?;
    let host_bits = network.width - network.bits;
    let host_mask = 1_u128.checked_shl(host_bits).map_or(u128::MAX, |bit| bit - 1);
    if network.value & host_mask != 0 {
        return Err(Refusal::Invalid);
    }
    Ok(format!("{}/{}", network.address(), network.bits))
}

struct Network {
    value: u128,
    /// 32 or 128.
    width: u32,
    bits: u32,
}

impl Network {
    fn parse(text: &str, cidr: bool) -> Result<Self, Refusal> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        if let Some(octets) = leading_octets(address) {
            return Self::of_octets(&octets, bits, cidr);
        }
        // Both readers are stricter than the server's.
        let (value, width) = if let Ok(address) = address.parse::<Ipv4Addr>() {
            (u32::from(address).into(), 32)
        } else {
            let address: Ipv6Addr = address.parse().map_err(|_| Refusal::Undecided)?;
            (u128::from(address), 128)
        };
        let bits = bits.map_or(Ok(width), mask)?;
        if bits > width { Err(Refusal::Invalid) } else { Ok(Self { value, width, bits }) }
    }

    /// `10.1/16`: the octets that are left out are zero. Only `cidr` has a mask of its own
    /// when none is said, by the class of the network, and may say one beyond the octets.
    fn of_octets(octets: &[u8], bits: Option<&str>, cidr: bool) -> Result<Self, Refusal> {
        let said = u32::try_from(octets.len()).map_or(0, |count| count * 8);
        let first = octets.first().copied().unwrap_or_default();
        let bits = match bits {
            Some(bits) => mask(bits)?,
            None if !cidr => return Err(Refusal::Invalid),
            None => {
                let class = match first {
                    0..128 | 224..240 => 8,
                    128..192 => 16,
                    192..224 => 24,
                    240..=255 => 32,
                };
                if first == 224 && said == 8 { 4 } else { said.max(class) }
            }
        };
        if bits > 32 || (!cidr && bits / 8 > said / 8) {
            return Err(Refusal::Invalid);
        }
        let value = octets.iter().fold(0_u128, |value, octet| value << 8 | u128::from(*octet));
        Ok(Self { value: value << (32 - said), width: 32, bits })
    }

    fn address(&self) -> String {
        match u32::try_from(self.value) {
            Ok(value) if self.width == 32 => Ipv4Addr::from(value).to_string(),
            _ => print_v6(Ipv6Addr::from(self.value)),
        }
    }
}

/// One to three decimal octets, as they stand in an address with parts left out.
fn leading_octets(text: &str) -> Option<Vec<u8>> {
    let octet = |part: &str| {
        let plain = is_digits(part) && (part == "0" || !part.starts_with('0'));
        plain.then(|| part.parse().ok())?
    };
    let octets: Vec<u8> = text.split('.').map(octet).collect::<Option<_>>()?;
    (octets.len() < 4).then_some(octets)
}

fn mask(bits: &str) -> Result<u32, Refusal> {
    if is_digits(bits) && bits.len() <= 3 && (bits == "0" || !bits.starts_with('0')) {
        bits.parse().map_err(|_| Refusal::Undecided)
    } else {
        Err(Refusal::Undecided)
    }
}

/// Eight groups with the first of the longest runs of zeros left out, and the last two as an
/// IPv4 address where the server takes it for one.
fn print_v6(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let (start, length) = longest_zeros(&groups);
    let [.., sixth, _, _] = groups;
    // The server asks for a run of seven as well, at a group that is within that run.
    let embedded = start == 0 && (length == 6 || (length == 5 && sixth == 0xFFFF));
    let shown = if embedded { 6 } else { 8 };
    let mut text = String::new();
    for (at, group) in groups.iter().enumerate().take(shown) {
        if length >= 2 && (start..start + length).contains(&at) {
            if at == start {
                text.push(':');
            }
            continue;
        }
        if at > 0 {
            text.push(':');
        }
        text.push_str(&format!("{group:x}"));
    }
    if embedded {
        let [.., a, b, c, d] = address.octets();
        text.push_str(&format!(":{}", Ipv4Addr::new(a, b, c, d)));
    } else if length >= 2 && start + length == 8 {
        text.push(':');
    }
    text
}

/// Where the longest run of zero groups starts and how long it is; the first of equals.
fn longest_zeros(groups: &[u16; 8]) -> (usize, usize) {
    let (mut best, mut run) = ((0, 0), 0);
    for (at, &group) in groups.iter().enumerate() {
        run = if group == 0 { run + 1 } else { 0 };
        if run > best.1 {
            best = (at + 1 - run, run);
        }
    }
    best
}

/// Two digits for each byte; which separators the server allows is decided by form.
pub(super) fn macaddr(text: &str) -> Output {
    let text = trim(text);
    let separators: String =
        text.chars().filter(|character| !character.is_ascii_hexdigit()).collect();
    let lengths: Vec<usize> = text.split([':', '-', '.']).map(str::len).collect();
    let known = match lengths.as_slice() {
        [12] => true,
        [6, 6] => matches!(separators.as_str(), ":" | "-"),
        [4, 4, 4] => matches!(separators.as_str(), ".." | "--"),
        [2, 2, 2, 2, 2, 2] => matches!(separators.as_str(), ":::::" | "-----"),
        _ => false,
    };
    if !known {
        return Err(Refusal::Undecided);
    }
    Ok(with_colons(&hex_bytes(text).ok_or(Refusal::Undecided)?))
}

/// Eight bytes, or six with `ff:fe` put in the middle.
pub(super) fn macaddr8(text: &str) -> Output {
    let bytes = hex_bytes(trim(text)).ok_or(Refusal::Undecided)?;
    match bytes.as_slice() {
        [_, _, _, _, _, _, _, _] => Ok(with_colons(&bytes)),
        &[a, b, c, d, e, f] => Ok(with_colons(&[a, b, c, 0xFF, 0xFE, d, e, f])),
        _ => Err(Refusal::Undecided),
    }
}

/// Pairs of digits with at most one separator between two, always the same.
fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(text);
    let (mut bytes, mut separator) = (Vec::new(), None);
    let digit = |cursor: &mut Cursor<'_>| char::from(cursor.next()?).to_digit(16);
    loop {
        let byte = digit(&mut cursor)? * 16 + digit(&mut cursor)?;
        bytes.push(u8::try_from(byte).ok()?);
        if cursor.is_done() {
            return Some(bytes);
        }
        if let Some(next @ (b':' | b'-' | b'.')) = cursor.peek() {
            cursor.next();
            if *separator.get_or_insert(next) != next {
                return None;
            }
        }
    }
}

fn with_colons(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}
