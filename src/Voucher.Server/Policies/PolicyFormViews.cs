namespace Voucher.Server.Policies;

/// <summary>One number of the form.</summary>
public sealed record PolicyNumberView(PolicyNumber Number, string Typed)
{
    public Words Label => new($"{Number.Label.Zh}（{Number.Unit.Zh}）", $"{Number.Label.En} ({Number.Unit.En})");

    public string Smallest => Number.IsMoney ? new Fen(Number.Smallest).ToString() : $"{Number.Smallest}";

    public string Largest => Number.IsMoney ? new Fen(Number.Largest).ToString() : $"{Number.Largest}";

    public Words Hint => Number.Zero is { } zero
        ? new($"{Smallest}–{Largest}；0：{zero.Zh}", $"{Smallest}–{Largest}; 0: {zero.En}")
        : new($"{Smallest}–{Largest}", $"{Smallest}–{Largest}");
}

/// <summary>A choice of trades in the form.</summary>
public sealed record PolicyTradesView(string Field, Words Label, EditDraftModel Page);
