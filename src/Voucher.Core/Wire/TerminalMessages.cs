using System.Text.Json.Serialization;
using Voucher.Core.Tokens;

namespace Voucher.Core.Wire;

/// <summary>First message of a new terminal: the one-time code from the portal, and the public half of the key born on the device.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo of a P-256 key.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PairingRequest(string Code, string Name, byte[] PublicKey);

/// <param name="Fingerprint">First 8 hex digits of SHA-256 over the public key: shown on the kiosk and in the portal, to be compared by eye.</param>
public sealed record PairingAnswer(int TerminalId, string Fingerprint);

/// <summary>Asks for an access token; signed with the device's key over <see cref="SignedText"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TerminalLogin(int TerminalId, DateTimeOffset At, byte[] Signature)
{
    /// <summary>A log-in is accepted within this time of the server's clock.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    /// <summary>The text that is signed: fixed prefix, terminal, instant in UTC with seconds.</summary>
    public static string SignedText(int terminalId, DateTimeOffset at) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"voucher-terminal-login:{terminalId}:{at.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}");
}

/// <summary>State of a terminal, as the server sees it.</summary>
public enum TerminalStatus : short
{
    /// <summary>Paired, waiting for the county's confirmation.</summary>
    Pending = 1,
    Active = 2,
    Revoked = 3,

    /// <summary>Stopped until the county has looked at it: its journal says what cannot be.</summary>
    Quarantined = 4,
}

/// <summary>The server's answer to <see cref="TerminalLogin"/>; the token is present only for an active terminal.</summary>
/// <param name="ServerTime">So that the terminal can show its own clock's drift.</param>
/// <param name="Protocol">What the server speaks (<see cref="Wire.Protocol.Current"/>); <c>null</c> from a server that does not say.</param>
/// <param name="OldestProtocol">The oldest that it still lets in.</param>
public sealed record TerminalLoginAnswer(
    TerminalStatus Status, string? AccessToken, int ExpiresInSeconds, DateTimeOffset ServerTime, int? Protocol = null, int? OldestProtocol = null);

/// <summary>All that an active terminal needs to work; asked for at start and whenever the server says that it changed.</summary>
/// <param name="RootPublicKey">Pinned at first sight; a later answer with another root is refused by the terminal.</param>
/// <param name="BindingKey">For the holder check; 32 bytes.</param>
/// <param name="LastSequence">The highest that the server has seen, of a scan or of the journal.</param>
/// <param name="Cases">Claims of this terminal that others dispute, of the last weeks.</param>
public sealed record TerminalSetup(
    int TerminalId,
    string TerminalName,
    int Region,
    string CountyName,
    string InstitutionName,
    byte[] RootPublicKey,
    SignedKeyList KeyList,
    byte[] BindingKey,
    IReadOnlyList<TerminalClass> Classes,
    long LastSequence,
    OfflineLimits Offline,
    IReadOnlyList<DeskCase> Cases);

/// <summary>A class that the terminal may scan for.</summary>
/// <param name="Today">Today's sessions, local times such as 09:00–11:30.</param>
/// <param name="Times">Sessions from yesterday on, for two weeks.</param>
/// <param name="AccreditedUntil">
/// The last day on which the institution is accredited for it, a day long past when it is not, or is suspended: after it nobody
/// is enrolled, while attendance goes on. <c>null</c> from a server that does not say.
/// </param>
public sealed record TerminalClass(
    long Id,
    string Name,
    string Programme,
    DateOnly StartsOn,
    DateOnly EndsOn,
    int Capacity,
    int Enrolled,
    IReadOnlyList<string> Today,
    int ProgrammeCode,
    int TradeCode,
    IReadOnlyList<ClassTime> Times,
    DateOnly? AccreditedUntil = null);

/// <summary>One session: what a terminal needs to record attendance while the server is away.</summary>
public sealed record ClassTime(long SessionId, DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt);

/// <summary>Names of the hub's path and methods, written once for both sides.</summary>
public static class HubNames
{
    public const string TerminalHubPath = "/hub/terminal";

    /// <summary>Terminal → server: <see cref="ScanRequest"/> → <see cref="ScanAnswer"/>.</summary>
    public const string Scan = "Scan";

    /// <summary>Server → terminal: ask for <see cref="TerminalSetup"/> again.</summary>
    public const string SetupChanged = "SetupChanged";

    /// <summary>Server → terminal: this terminal has been revoked.</summary>
    public const string Revoked = "Revoked";
}
