namespace Voucher.Server.Api;

/// <summary>Which page of a list is asked for, counted from 1.</summary>
public static class ListPage
{
    /// <summary>Beyond any list there is, and small enough that the rows before it can be counted.</summary>
    public const int Last = 100_000;

    /// <summary>For the portal, where a page that is not there shows the nearest one.</summary>
    public static int Clamp(int? asked) => Math.Clamp(asked ?? 1, 1, Last);

    /// <summary>For the API, where a page that is not there is an error.</summary>
    public static FieldError? ProblemOf(int? asked) =>
        asked is < 1 or > Last ? new FieldError("page", new($"页码应为 1 到 {Last}", $"Pages run from 1 to {Last}")) : null;
}
