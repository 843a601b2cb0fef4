using System.Collections.Frozen;
using System.Text.Json;
using Voucher.Core.OfflineLists;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.OfflineLists;

/// <summary>
/// Who is enrolled in the institution's classes, sealed on the disk. Forgotten after a week without the server, and at once when
/// the terminal is revoked; not shown while this machine's clock is earlier than the roster.
/// </summary>
internal sealed class RosterCache
{
    /// <summary>So long the roster outlives the last contact with the server.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>The server's word that nothing has changed is written down this often at most.</summary>
    public static readonly TimeSpan WriteRefreshedEvery = TimeSpan.FromHours(1);

    /// <summary>10,000 trainees take less.</summary>
    public const int LargestBytes = 2 * 1_048_576;

    private const string Purpose = "roster";

    private readonly string _path;
    private readonly DiskSeal _seal;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private volatile Held? _held;
    private DateTimeOffset _written;

    /// <summary>What lies on the disk, sealed.</summary>
    private sealed record Stored(TerminalRoster Roster, DateTimeOffset RefreshedAt);

    private sealed record Held(TerminalRoster Roster, DateTimeOffset RefreshedAt, FrozenDictionary<uint, RosterEntry> BySerial);

    public RosterCache(string folder, DiskSeal seal, TimeProvider time)
    {
        _path = Path.Combine(folder, "roster");
        (_seal, _time) = (seal, time);
        if (Read() is { } stored) Hold(stored.Roster, stored.RefreshedAt);
    }

    /// <summary>When the server last said that this is the roster; <c>null</c> when there is none (any more).</summary>
    public DateTimeOffset? RefreshedAt => Present?.RefreshedAt;

    /// <summary>What the server is asked with, so that it need not send the same again.</summary>
    public string? Mark => Present?.Roster.Mark;

    public RosterEntry? Find(VoucherId voucher) => Present?.BySerial.GetValueOrDefault(voucher.Serial);

    /// <summary>In order of enrolment.</summary>
    public IReadOnlyList<RosterEntry> OfClass(long classId) => Present is { } held ? [.. held.Roster.Trainees.Where(trainee => trainee.ClassId == classId)] : [];

    /// <summary>
    /// Whether an enrolment may be missing only because the roster is older: one that was confirmed before the roster was made stands
    /// in it, or not any more. Both by this machine's clock; the roster may have been made as long before it arrived as a pull may take.
    /// </summary>
    /// <param name="confirmedAt">When the server's answer was written down; <c>null</c> while there is none.</param>
    public bool MayLack(DateTimeOffset? confirmedAt) =>
        confirmedAt is not { } confirmed || RefreshedAt is not { } refreshed || confirmed > refreshed - ListPull.Within;

    public void Accept(TerminalRoster roster)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            Hold(roster, now);
            Write(roster, now);
        }
    }

    /// <summary>The server says that nothing has changed.</summary>
    public void Confirm()
    {
        lock (_gate)
        {
            if (_held is not { } held) return;
            var now = _time.GetUtcNow();
            _held = held with { RefreshedAt = now };
            if ((now - _written).Duration() >= WriteRefreshedEvery) Write(held.Roster, now);
        }
    }

    /// <summary>Nothing of it is left, in memory and on the disk.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _held = null;
            _written = default;
            try
            {
                File.Delete(_path);
                File.Delete(PrivateFile.BesideOf(_path));
            }
            catch (Exception held) when (held is IOException or UnauthorizedAccessException)
            {
                // Tried again at the next start, when it is too old.
            }
        }
    }

    /// <summary>The roster, unless it is too old, or of a time that has not come yet by this clock.</summary>
    private Held? Present
    {
        get
        {
            if (_held is not { } held) return null;
            var age = _time.GetUtcNow() - held.RefreshedAt;
            if (age < -TerminalLogin.ClockTolerance) return null;
            if (age < KeptFor) return held;
            Forget();
            return null;
        }
    }

    private void Hold(TerminalRoster roster, DateTimeOffset refreshedAt)
    {
        // A voucher that was reprinted is on the roster once; were it there twice, the first one would do.
        var bySerial = roster.Trainees.DistinctBy(trainee => trainee.Serial).ToFrozenDictionary(trainee => trainee.Serial);
        _held = new Held(roster, refreshedAt, bySerial);
        _ = Present;
    }

    private void Write(TerminalRoster roster, DateTimeOffset refreshedAt)
    {
        try
        {
            PrivateFile.Write(_path, _seal.Seal(Purpose, JsonSerializer.SerializeToUtf8Bytes(new Stored(roster, refreshedAt), WebJson.Options)));
            _written = refreshedAt;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // A full disk must not end the link; it is known for this run.
        }
    }

    private Stored? Read()
    {
        try
        {
            if (!File.Exists(_path) || _seal.Open(Purpose, File.ReadAllBytes(_path)) is not { } plain) return null;
            _written = new DateTimeOffset(File.GetLastWriteTimeUtc(_path), TimeSpan.Zero);
            var stored = JsonSerializer.Deserialize<Stored>(plain, WebJson.Options);
            return stored is { Roster.Trainees: not null } ? stored : null;
        }
        catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
        {
            // A damaged roster is worth no more than none: the server is asked again.
            return null;
        }
    }
}
