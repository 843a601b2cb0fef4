using Voucher.Core.Programmes;
using Voucher.Server.Database;
using Voucher.Server.Policies;
using Voucher.Server.Programmes;
using Voucher.Server.Programmes.Orders;
using Voucher.Server.Register;

namespace Voucher.Server.PublicMenu;

/// <summary>Keeps the board for a short while, so that a village with its phones out costs the database one read.</summary>
public sealed class MenuBoards(
    NpgsqlDataSource database, County county, ProgrammeStore programmes, OrderStore orders, PolicyStore policies, TimeProvider clock)
{
    /// <summary>How soon a suspended institution is gone from the menu and a new class is on it.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    /// <summary>After the database failed it is left alone for so long.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private volatile MenuBoard? _board;
    private Task<MenuBoard>? _first;
    private long _failedAt;
    private int _isReading;

    /// <summary>
    /// One visitor reads anew; the others see the known board meanwhile. While the database is away all of them do: people still
    /// see where they may go, and the page says of which day it is.
    /// </summary>
    public async Task<MenuBoard> GetAsync()
    {
        if (Fresh() is { } fresh) return fresh;
        if (_board is not { } known) return await FirstAsync();
        if (HasJustFailed() || Interlocked.CompareExchange(ref _isReading, 1, 0) != 0) return known;
        try
        {
            return _board = await ReadAsync();
        }
        catch (Exception fault) when (BrokenRead.CauseOf(fault) is NpgsqlException or TimeoutException)
        {
            Volatile.Write(ref _failedAt, clock.GetUtcNow().UtcTicks);
            return known;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    /// <summary>Nothing can be shown before the first read: all wait for the same one, and fail with it.</summary>
    private async Task<MenuBoard> FirstAsync()
    {
        Task<MenuBoard> first;
        lock (_starting)
        {
            if (_first is null or { IsFaulted: true } or { IsCanceled: true }) _first = ReadAsync();
            first = _first;
        }
        return _board ??= await first;
    }

    private bool HasJustFailed() => Math.Abs(clock.GetUtcNow().UtcTicks - Volatile.Read(ref _failedAt)) < RetryAfter.Ticks;

    private MenuBoard? Fresh() => _board is { } board && (clock.GetUtcNow() - board.ReadAt).Duration() < Keep ? board : null;

    private async Task<MenuBoard> ReadAsync()
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var policy = await policies.InForceOrLastAsync(today);
        var all = await programmes.ListAsync();
        var newest = (await orders.NewestAsync()).ToDictionary(order => order.ProgrammeId);
        await using var connection = await database.OpenConnectionAsync();
        var rows = await MenuStore.OffersAsync(connection, county.Region, VoucherScope.Any, today);
        var hasRule = policy.IsInForceOn(today);
        var classes = hasRule ? await MenuStore.ClassesAsync(connection, county.Region, today, policy.Parameters) : [];
        var townships = await TownshipCodeStore.ReadAsync(connection, county.Region);
        var names = townships.NamesInAddresses(county.Name);
        var byCode = OffersByCode(rows, classes, names);
        return new MenuBoard(
            county.Name, county.Phone, today, now, hasRule, townships,
            [.. all.Where(programme => byCode.Contains(programme.Code)).Select(programme => Entry(programme, [.. byCode[programme.Code]], newest, policy))],
            Offer.Of(rows, names, townships.InForce));
    }

    private static ILookup<int, MenuOffer> OffersByCode(IReadOnlyList<OfferRow> rows, IReadOnlyList<ClassRow> classes, TownshipNames names)
    {
        var next = classes.ToLookup(one => (one.InstitutionId, one.Code));
        var spellings = rows.Select(row => row.Institution).Distinct().ToDictionary(name => name, Spell);
        return rows.ToLookup(row => row.Code, row => new MenuOffer(
            row.InstitutionId, row.Institution, row.Address, row.Phone, names.WithinAddress(row.Address), spellings[row.Institution],
            [.. next[(row.InstitutionId, row.Code)]]));
    }

    private static MenuEntry Entry(
        Programme programme, IReadOnlyList<MenuOffer> offers, Dictionary<ProgrammeId, ProgrammeOrder> newest, Policy policy) => new(
        programme, SubsidyInForce.Of(programme, policy), programme.Kind.NeedsEmployer() ? newest.GetValueOrDefault(programme.Id) : null,
        Spell(programme.Name), Spell(programme.Trade), offers);

    private static Spelling Spell(string text) => new(text, PinyinTable.ReadingsOf);
}
