package dev.rumor.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.rumor.core.stream.Cursor;
import dev.rumor.core.stream.Cursor.Epoch;
import dev.rumor.core.stream.Cursor.Place;
import dev.rumor.core.stream.Frontier.Digest;
import dev.rumor.core.stream.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// A cursor as readers keep it: letters that pass a URL, a header and a shell as they are.
///
/// ```
/// AdX-Q8EBqTfG…             the places, in base64url
/// ~n1~mwow0tvj~42           perhaps one stream that is read further than the places say: up to this record
/// ~0k3x9zp                  CRC32C of all before, seven digits in base 36
/// ```
///
/// So what is read together has one list of places, and the cursor after each record of it is made by adding the
/// record's id: by whoever hands records on, without knowing what a cursor is made of.
public final class CursorText {

    /// The longest that is read, in characters: more than a frontier of the most streams gives rise to.
    public static final int MAX_CHARACTERS = 128 << 10;

    private static final int VERSION = 1;
    private static final int CHECK_DIGITS = 7;
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_-]+)(?:~([A-Za-z0-9._-]{1,64})~([1-9a-z][0-9a-z]{0,12})~([1-9][0-9]{0,18}))?"
                    + "~[0-9a-z]{" + CHECK_DIGITS + "}");

    private final String cluster;

    /// @param cluster the only one in which the cursors mean anything
    public CursorText(String cluster) {
        this.cluster = cluster;
    }

    public String write(Cursor cursor) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.write((byte) VERSION);
            out.writeFixed32NoTag(clusterKey());
            for (Place place : cursor.places()) {
                out.writeFixed64NoTag(place.origin());
                out.writeUInt64NoTag(place.mark());
                out.writeUInt32NoTag(place.epochs().size());
                long before = place.mark();
                for (Epoch epoch : place.epochs()) {
                    out.writeUInt64NoTag(epoch.number() - before);
                    out.writeUInt64NoTag(epoch.upTo());
                    before = epoch.number();
                }
            }
            out.flush();
        } catch (IOException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
        return checked(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray()));
    }

    /// The cursor after a record, which was read together with those that come after `before`.
    ///
    /// @param before what [#write] gave
    public static String after(String before, Stream stream, long sequence) {
        return checked(uncheckedPart(before) + "~" + stream.origin() + "~"
                + Long.toString(stream.epoch(), Character.MAX_RADIX) + "~" + sequence);
    }

    /// @throws Malformed with a sentence for whoever gave it
    public Cursor parse(String text) throws Malformed {
        if (text.length() > MAX_CHARACTERS) {
            throw new Malformed("a cursor is at most " + MAX_CHARACTERS + " characters, not " + text.length());
        }
        Matcher form = FORM.matcher(text);
        Malformed.unless(
                form.matches(), "a cursor is start, now, or what was printed as `cursor` with what was read", text);
        if (!checked(uncheckedPart(text)).equals(text)) {
            throw new Malformed("the cursor is damaged: it must be given whole, as it was printed");
        }
        try {
            Cursor cursor = places(Base64.getUrlDecoder().decode(form.group(1)));
            return form.group(2) == null
                    ? cursor
                    : cursor.advanced(
                            new Stream(form.group(2), Long.parseLong(form.group(3), Character.MAX_RADIX)),
                            Long.parseLong(form.group(4)));
        } catch (IllegalArgumentException | IOException wrong) {
            throw new Malformed("the cursor is none: " + wrong.getMessage());
        }
    }

    private Cursor places(byte[] bytes) throws IOException, Malformed {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        int version = in.readRawByte();
        if (version != VERSION) {
            throw new Malformed("the cursor is of version " + version + ", and this program knows version " + VERSION);
        }
        if (in.readFixed32() != clusterKey()) {
            throw new Malformed("the cursor is of another cluster than '" + cluster + "'");
        }
        List<Place> places = new ArrayList<>();
        while (!in.isAtEnd()) {
            long origin = in.readFixed64();
            long mark = in.readUInt64();
            List<Epoch> epochs = new ArrayList<>();
            long before = mark;
            for (int left = in.readUInt32(); left > 0; left--) {
                before += in.readUInt64();
                epochs.add(new Epoch(before, in.readUInt64()));
            }
            places.add(new Place(origin, mark, epochs));
        }
        return new Cursor(places);
    }

    private int clusterKey() {
        return (int) Digest.of(cluster).high();
    }

    private static String uncheckedPart(String text) {
        return text.substring(0, text.length() - CHECK_DIGITS - 1);
    }

    private static String checked(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        String digits = Long.toString(sum.getValue(), Character.MAX_RADIX);
        return text + "~" + "0".repeat(CHECK_DIGITS - digits.length()) + digits;
    }
}
