namespace Voucher.Core.OfflineLists;

/// <summary>
/// Who is enrolled in the classes of a terminal's institution that run about now, as little as the desk needs without a link: the token
/// that is presented brings the rest.
/// </summary>
/// <param name="Mark">Of the content; a terminal that has this very roster is not sent it again.</param>
/// <param name="At">When the server read it.</param>
public sealed record TerminalRoster(string Mark, DateTimeOffset At, IReadOnlyList<RosterEntry> Trainees);

/// <param name="Serial">Of the voucher, within the county.</param>
/// <param name="Name">Masked (<see cref="People.PersonName.Masked"/>).</param>
/// <param name="EnrolledOn">Local day.</param>
public sealed record RosterEntry(uint Serial, long ClassId, string Name, DateOnly EnrolledOn);

/// <summary>Where a terminal asks for lists and what stands in the answers' headers; written once for both sides.</summary>
public static class ListNames
{
    /// <summary><c>?have=</c> counter → full list, delta, or 204 when it is current.</summary>
    public const string StatusPath = "api/terminal/lists/status";

    /// <summary><c>?have=</c> mark → <see cref="TerminalRoster"/>, or 204 when it is current.</summary>
    public const string RosterPath = "api/terminal/lists/roster";

    /// <summary>Up to when the server's status list knows of every change, in seconds since 1970.</summary>
    public const string AsOfHeader = "Voucher-Lists-As-Of";
}
