package dev.rumor.core.stream;

import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Frontier.Mark;

/// What an entry of a frontier counts for in its digest. Each is hashed twice from different starts (FNV-1a over the
/// name, the finalizer of SplitMix64 over the rest), so that the halves are independent.
final class Hash {
    static final long HIGH = 0xcbf29ce484222325L;
    static final long LOW = 0x9e3779b97f4a7c15L;

    private Hash() {}

    static Digest digest(Claim claim) {
        return new Digest(of(claim, HIGH), of(claim, LOW));
    }

    static Digest digest(Mark mark) {
        return new Digest(of(mark, HIGH), of(mark, LOW));
    }

    static long of(Claim claim, long start) {
        long sum = mix(of(claim.stream().origin(), start) ^ claim.stream().epoch());
        sum = mix(sum ^ claim.tag());
        for (int k = 0; k < claim.held().size(); k++) {
            sum = mix(sum ^ claim.held().from(k));
            sum = mix(sum ^ claim.held().to(k));
        }
        return sum;
    }

    private static long of(Mark mark, long start) {
        return mix(mix(of(mark.origin(), ~start) ^ mark.epoch()) ^ mark.digest());
    }

    static long of(String text, long start) {
        long sum = start;
        for (int k = 0; k < text.length(); k++) {
            sum = (sum ^ text.charAt(k)) * 0x100000001b3L;
        }
        return sum;
    }

    static long mix(long z) {
        long a = (z + 0x9e3779b97f4a7c15L ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }
}
