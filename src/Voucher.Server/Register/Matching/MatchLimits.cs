namespace Voucher.Server.Register.Matching;

/// <summary>Every bound on matching with an outside list.</summary>
public static class MatchLimits
{
    /// <summary>Of one list; the file's own limits are those of the import.</summary>
    public const int MostRows = 500_000;

    /// <summary>Rows that are looked up in one statement.</summary>
    public const int ChunkRows = 2_000;

    /// <summary>Unreadable rows that are kept one by one; the rest are counted.</summary>
    public const int MostProblems = 10_000;

    /// <summary>Hits that are dismissed at once, with one reason: as many as a page shows.</summary>
    public const int MostDismissed = Portal.PortalPage.PageSize;

    /// <summary>People whose hits a complete list ends by not naming them, without a second person's look.</summary>
    public const int MostEndedUnseen = 20;

    /// <summary>More than <see cref="MostEndedUnseen"/> may be so many of a hundred who stand in the source's earlier lists.</summary>
    public const int MostEndedUnseenPercent = 20;

    /// <summary>Hits of one person that their page shows, standing ones first.</summary>
    public const int MostOfPerson = 50;

    /// <summary>A difference shows so many characters of what the list says.</summary>
    public const int LongestSaying = 50;
}
