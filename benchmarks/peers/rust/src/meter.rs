//! CPU time of this process per message, between a warm-up and the end.

fn cpu_us() -> f64 {
    // SAFETY: getrusage fills the whole structure.
    let usage = unsafe {
        let mut usage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let us = |time: libc::timeval| time.tv_sec as f64 * 1e6 + time.tv_usec as f64;
    us(usage.ru_utime) + us(usage.ru_stime)
}

pub struct Meter {
    messages: u64,
    warm: u64,
    seen: u64,
    bytes: u64,
    start: f64,
}

impl Meter {
    pub fn new(messages: u64) -> Self {
        Meter { messages, warm: messages / 10, seen: 0, bytes: 0, start: 0.0 }
    }

    /// True at the last message, which is reported.
    pub fn hit(&mut self, bytes: usize) -> bool {
        self.bytes += bytes as u64;
        self.seen += 1;
        if self.seen == self.warm {
            self.start = cpu_us();
        }
        if self.seen < self.messages {
            return false;
        }
        let each = (cpu_us() - self.start) / (self.messages - self.warm) as f64;
        println!("{:.6} {} {}", each, self.seen, self.bytes);
        true
    }
}
