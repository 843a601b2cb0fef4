using System.Text.Json.Serialization;

namespace Voucher.Core.Wire;

/// <summary>
/// How a terminal stands, told to the server each minute and when something changes, so that the county sees a laggard
/// before its front desk calls. Holds no personal data.
/// </summary>
/// <param name="Version">Of the terminal's program.</param>
/// <param name="Protocol">See <see cref="Wire.Protocol"/>.</param>
/// <param name="Waiting">Scans in the journal that the server has not answered.</param>
/// <param name="WaitingSince">When the oldest of them was scanned, by the terminal's clock.</param>
/// <param name="ClockAheadSeconds">Of the terminal's clock before the server's; negative when it is behind.</param>
/// <param name="Readings">Codes that camera or scanner read in the last 24 hours, whatever they were.</param>
/// <param name="Accepted">Of the scans of the last 24 hours, those answered with yes.</param>
/// <param name="Refused">Those answered with no, by the terminal itself or by the server.</param>
/// <param name="Camera">The page has a camera at work; <c>null</c> while no page has said.</param>
/// <param name="Scanner">A keyboard scanner has been heard today; <c>null</c> while no page has said.</param>
/// <param name="ListCounter">Of the status list in use; <c>null</c> without one.</param>
/// <param name="ListAt">When that list was made, by the server's clock.</param>
/// <param name="System">Runtime identifier, such as linux-x64.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record TerminalReport(
    string Version,
    int Protocol,
    int Waiting,
    DateTimeOffset? WaitingSince,
    int ClockAheadSeconds,
    int Readings,
    int Accepted,
    int Refused,
    bool? Camera,
    bool? Scanner,
    long? ListCounter,
    DateTimeOffset? ListAt,
    string System)
{
    public const string Path = "/api/terminal/report";

    public const int LongestVersion = 40;
    public const int LongestSystem = 40;

    /// <summary>Of the counts; a desk reads a few thousand codes a day.</summary>
    public const int MostCounted = 10_000_000;

    /// <summary>Ten years: a PC with an empty battery wakes up in 2015.</summary>
    public const int MostSecondsAhead = 315_576_000;
}
